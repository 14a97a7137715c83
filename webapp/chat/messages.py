"""The JSON of `POST /chat` → ChatRequest, or the refusal that names field, limit and what came. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from webapp.chat.errors import RefusedError
from webapp.configuration import Settings

MAX_TEMPERATURE = 2.0
SHOWN_CHARS = 60
"""How much of a refused value is quoted back."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """What is asked of the model: every field within its limit, every default filled in."""

    messages: tuple[Message, ...]
    model: str
    max_tokens: int
    temperature: float | None
    stream: bool


class ChatBody(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of `messages` and `prompt`, which is short for one message of the user."""

    messages: list[Message] | None = None
    prompt: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    stream: bool | None = None


_decode = msgspec.json.Decoder(ChatBody).decode


def parse_chat_request(body: bytes, settings: Settings) -> ChatRequest:
    """Read a request body. Raises RefusedError."""
    fields = _decoded(body)
    return ChatRequest(
        messages=_conversation(fields, settings),
        model=_model(fields.model, settings),
        max_tokens=_max_tokens(fields.max_tokens, settings.max_output_tokens),
        temperature=_temperature(fields.temperature),
        stream=fields.stream is not False,
    )


def _decoded(body: bytes) -> ChatBody:
    if not body.strip():
        raise RefusedError(
            "invalid_json", "The body is empty; expected a JSON object with `messages` or `prompt`."
        )
    try:
        return _decode(body)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise RefusedError("invalid_request", problem, param=path.strip("`.") or None) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError("invalid_json", "The body is not valid JSON.") from None


def _conversation(fields: ChatBody, settings: Settings) -> tuple[Message, ...]:
    messages = _messages(fields)
    if len(messages) > settings.max_messages:
        raise RefusedError(
            "too_many_messages",
            f"at most {settings.max_messages} messages, got {len(messages)}",
            param="messages",
        )
    where = "messages[{}].content" if fields.messages is not None else "prompt"
    roles = ("user", "assistant", "system") if settings.allow_system_messages else ("user", "assistant")
    for index, message in enumerate(messages):
        _check_role(message.role, roles, f"messages[{index}].role")
        _check_content(message.content, settings.max_message_chars, where.format(index))
    # The last message is the one that is answered, or continued.
    _check_role(messages[-1].role, ("user", "assistant"), f"messages[{len(messages) - 1}].role")
    if settings.system_prompt:
        messages = [Message("system", settings.system_prompt), *messages]
    return tuple(messages)


def _messages(fields: ChatBody) -> list[Message]:
    if fields.messages is not None and fields.prompt is not None:
        raise RefusedError("invalid_request", "expected `messages` or `prompt`, got both", param="prompt")
    if fields.prompt is not None:
        return [Message("user", fields.prompt)]
    if fields.messages is None:
        raise RefusedError(
            "invalid_request", "expected `messages` or `prompt`, got neither", param="messages"
        )
    if not fields.messages:
        raise RefusedError("invalid_request", "expected at least 1 message, got 0", param="messages")
    return fields.messages


def _check_role(role: str, allowed: tuple[str, ...], param: str) -> None:
    if role not in allowed:
        raise RefusedError(
            "role_not_allowed", f"expected one of {', '.join(allowed)}, got {_shown(role)}", param=param
        )


def _check_content(content: str, limit: int, param: str) -> None:
    if not content.strip():
        raise RefusedError("message_empty", "expected some text, got none", param=param)
    if len(content) > limit:
        raise RefusedError("message_too_long", f"at most {limit} characters, got {len(content)}", param=param)


def _model(name: str | None, settings: Settings) -> str:
    if name is None:
        return settings.model
    if name != settings.model and not settings.allows_model(name):
        allowed = ", ".join(settings.model_patterns)
        raise RefusedError(
            "model_not_allowed", f"expected one of {allowed}, got {_shown(name)}", param="model"
        )
    return name


def _max_tokens(asked: int | None, limit: int) -> int:
    if asked is None:
        return limit
    if not 1 <= asked <= limit:
        raise RefusedError(
            "max_tokens_out_of_range", f"from 1 to {limit}, got {_shown(asked)}", param="max_tokens"
        )
    return asked


def _temperature(asked: float | None) -> float | None:
    if asked is not None and not 0 <= asked <= MAX_TEMPERATURE:
        raise RefusedError(
            "temperature_out_of_range", f"from 0 to {MAX_TEMPERATURE:g}, got {asked:g}", param="temperature"
        )
    return asked


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"
