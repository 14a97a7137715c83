"""The JSON of `POST /chat` → ChatRequest, or the refusal that names field, limit and what came. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import msgspec

from webapp.chat.conversation import Message, latest, sendable
from webapp.chat.errors import RefusedError
from webapp.configuration import REASONING_EFFORTS, Settings

MAX_TEMPERATURE = 2.0
SHOWN_CHARS = 60
"""How much of a refused value is quoted back."""
MOST_SAID_CHARS = 200
"""How much is said of a field that nobody knows: its name may be a megabyte long."""


@dataclass(frozen=True)
class ChatRequest:
    """What is asked of the model: every field within its limit, every default filled in."""

    messages: tuple[Message, ...]
    model: str
    max_tokens: int
    temperature: float | None
    stream: bool
    reasoning_effort: str | None = None
    dropped_messages: int = 0
    """How many of the oldest messages are not among `messages`."""


class ChatBody(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of `messages` and `prompt`, which is short for one message of the user."""

    messages: list[Message] | None = None
    prompt: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    stream: bool | None = None
    reasoning_effort: str | None = None


_decode = msgspec.json.Decoder(ChatBody).decode


def parse_chat_request(body: bytes, settings: Settings) -> ChatRequest:
    """Read a request body. Raises RefusedError."""
    fields = _decoded(body)
    messages, dropped = latest(_conversation(fields, settings), settings.max_messages)
    if settings.system_prompt:
        messages = (Message("system", settings.system_prompt), *messages)
    return ChatRequest(
        messages=messages,
        model=_model(fields.model, settings),
        max_tokens=_max_tokens(fields.max_tokens, settings.max_output_tokens),
        temperature=_temperature(fields.temperature),
        stream=fields.stream is not False,
        reasoning_effort=_reasoning_effort(fields.reasoning_effort) or settings.reasoning_effort or None,
        dropped_messages=dropped,
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
        raise RefusedError(
            "invalid_request", problem[:MOST_SAID_CHARS], param=path.strip("`.") or None
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError("invalid_json", "The body is not valid JSON.") from None


def _conversation(fields: ChatBody, settings: Settings) -> tuple[Message, ...]:
    messages = _messages(fields)
    where = "messages[{}].content" if fields.messages is not None else "prompt"
    roles = ("user", "assistant", "system") if settings.allow_system_messages else ("user", "assistant")
    most = settings.max_message_chars
    for index, message in enumerate(messages):
        role, content = message.role, message.content
        if role not in roles:
            _check_role(role, roles, f"messages[{index}].role")
        # What the app wrote itself it takes back, be it empty or long.
        if role != "assistant" and (len(content) > most or not content.strip()):
            _check_content(content, most, where.format(index))
    # The last message is the one that is answered, or continued.
    _check_role(messages[-1].role, ("user", "assistant"), f"messages[{len(messages) - 1}].role")
    return sendable(tuple(messages)) or _nothing_asked(where.format(len(messages) - 1))


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


def _nothing_asked(param: str) -> NoReturn:
    raise RefusedError("message_empty", "expected some text, got none", param=param)


def _reasoning_effort(asked: str | None) -> str | None:
    if asked is not None and asked not in REASONING_EFFORTS:
        raise RefusedError(
            "reasoning_effort_unknown",
            f"expected one of {', '.join(REASONING_EFFORTS)}, got {_shown(asked)}",
            param="reasoning_effort",
        )
    return asked


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
