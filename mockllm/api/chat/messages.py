"""The messages of a chat completion request, as turns of a conversation."""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from mockllm.api.reading import Sound, audio, file, image, missing_parameter
from mockllm.values import ApiError, Attachment, PastCall, Turn

_TOOL_ANSWER_MISSING = (
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
    "'tool_call_id'. The following tool_call_ids did not have response messages: {keys}"
)
_TOOL_CALL_MISSING = (
    "Invalid parameter: messages with role 'tool' must be a response to a preceding message "
    "with 'tool_calls'."
)
_ATTACHED = ("image_url", "input_audio", "file")


class ImageUrl(Struct):
    """Where a picture is: a URL, or the picture itself as a data URL."""

    url: str
    detail: str | None = None


class File(Struct):
    """A file, by its data or the id it was uploaded under."""

    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class ContentPart(Struct):
    """One part of a message's content."""

    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: ImageUrl | None = None
    file: File | None = None
    input_audio: Sound | None = None


class CalledFunction(Struct):
    """What an earlier call called."""

    name: str
    arguments: str


class CalledCustom(Struct):
    """What an earlier call of a custom tool gave it: any text."""

    name: str
    input: str


class ToolCall(Struct):
    """A call that the assistant made in an earlier turn."""

    id: str
    type: Literal["function", "custom"] = "function"
    function: CalledFunction | None = None
    custom: CalledCustom | None = None


class Message(Struct):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None


def turns_of(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """Read a conversation. Raises ApiError for parts that no text model takes, and for tools out of turn."""
    turns: list[Turn] = []
    open_calls: dict[str, str] = {}
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        if message.role == "tool":
            turns.append(_tool_turn(message, open_calls, where))
            continue
        _check_answered(open_calls, where)
        turns.append(_turn(message, where))
        open_calls = {call.key: call.name for call in turns[-1].calls}
    _check_answered(open_calls, f"messages[{len(messages) - 1}]")
    return tuple(turns)


def _turn(message: Message, where: str) -> Turn:
    if message.content is None and message.role != "assistant":
        raise _no_content(where)
    calls = enumerate(message.tool_calls or ())
    past = tuple(_past_call(call, f"{where}.tool_calls[{index}]") for index, call in calls)
    answers = message.name or "" if message.role == "function" else ""
    return Turn(message.role, _text(message, where), _attachments(message, where), past, answers)


def _past_call(call: ToolCall, where: str) -> PastCall:
    if call.type == "custom" and call.custom:
        return PastCall(call.id, call.custom.name, call.custom.input)
    if call.type == "custom" or call.function is None:
        raise missing_parameter(f"{where}.{call.type}")
    return PastCall(call.id, call.function.name, call.function.arguments)


def _tool_turn(message: Message, open_calls: dict[str, str], where: str) -> Turn:
    if message.tool_call_id is None:
        raise missing_parameter(f"{where}.tool_call_id")
    if message.content is None:
        raise _no_content(where)
    if message.tool_call_id not in open_calls:
        raise ApiError(400, _TOOL_CALL_MISSING, param=f"{where}.role")
    return Turn("tool", _text(message, where), answers=open_calls.pop(message.tool_call_id))


def _check_answered(open_calls: dict[str, str], where: str) -> None:
    if open_calls:
        raise ApiError(400, _TOOL_ANSWER_MISSING.format(keys=", ".join(open_calls)), param=f"{where}.role")


def _no_content(where: str) -> ApiError:
    message = f"{where}.content: expected a string or a list of parts, got null"
    return ApiError(400, message, param=f"{where}.content", code="invalid_type")


def _text(message: Message, where: str) -> str:
    if isinstance(message.content, str):
        return message.content
    words = [_words(part, f"{where}.content[{index}]") for index, part in enumerate(message.content or ())]
    return "".join(words) or message.refusal or ""


def _words(part: ContentPart, where: str) -> str:
    if part.type in _ATTACHED:
        return ""
    if part.type not in ("text", "refusal"):
        message = (
            f"{where}.type: expected 'text', 'image_url', 'input_audio', 'file' or 'refusal', "
            f"got '{part.type}'"
        )
        raise ApiError(400, message, param=f"{where}.type", code="invalid_value")
    words = part.text if part.type == "text" else part.refusal
    if words is None:
        raise missing_parameter(f"{where}.{part.type}")
    return words


def _attachments(message: Message, where: str) -> tuple[Attachment, ...]:
    if not isinstance(message.content, list):
        return ()
    return tuple(_attached(message.content, message.role, where))


def _attached(parts: Iterable[ContentPart], role: str, where: str) -> Iterable[Attachment]:
    for index, part in enumerate(parts):
        if part.type not in _ATTACHED:
            continue
        param = f"{where}.content[{index}]"
        if role != "user":
            message = f"{param}: '{part.type}' is only taken from the user, not from role '{role}'"
            raise ApiError(400, message, param=param, code="invalid_value")
        yield _attachment(part, param)


def _attachment(part: ContentPart, param: str) -> Attachment:
    if getattr(part, part.type) is None:
        raise missing_parameter(f"{param}.{part.type}")
    if part.file:
        return file(part.file.file_data or part.file.file_id, f"{param}.file")
    if part.input_audio:
        return audio(part.input_audio.data, part.input_audio.format, f"{param}.input_audio")
    picture = part.image_url or ImageUrl("")
    return image(picture.url, picture.detail, f"{param}.image_url")
