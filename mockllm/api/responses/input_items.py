"""The input items of a response, as turns of a conversation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from msgspec import Struct

from mockllm.api.reading import Sound, audio, convert, file, image, missing_parameter
from mockllm.values import ApiError, Attachment, PastCall, Turn

# What the vendor's own tools and custom ones leave behind: taken, and not called again.
_RESULTS = ("_call_output", "tool_search_output")
_OTHERS = (
    "_call",
    "reasoning",
    "compaction",
    "additional_tools",
    "configuration_update",
    "compaction_trigger",
    "program",
    "program_output",
    "mcp_list_tools",
    "mcp_approval_request",
    "mcp_approval_response",
)
_KINDS = ("message", "function_call", "function_call_output", "reasoning")
_ATTACHED = ("input_image", "input_file", "input_audio")
_WORDS = ("input_text", "output_text", "text", "summary_text")


class InputPart(Struct):
    """One part of an item's content."""

    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: str | None = None
    file_id: str | None = None
    file_url: str | None = None
    file_data: str | None = None
    input_audio: Sound | None = None
    detail: str | None = None


class InputItem(Struct):
    """One item: what somebody said, a call that the model made, or what came of it."""

    type: str | None = None
    id: str | None = None
    role: Literal["user", "assistant", "system", "developer"] | None = None
    content: str | list[InputPart] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: Any = None
    output: Any = None


def item_kind(kind: str | None, key: str | None, role: str | None) -> str:
    """Say what an item is: without a type a reference, as the SDK has it, if it has a name and no role."""
    if kind is not None:
        return kind
    return "item_reference" if key and role is None else "message"


def check_item(item: InputItem, where: str) -> None:
    """Raise ApiError for an item that no answer could read, whatever stands before it."""
    kind = item_kind(item.type, item.id, item.role)
    if kind == "message":
        _message(item, where)
    elif kind == "function_call":
        _call(item, where)
    elif kind == "function_call_output":
        _result(item, {item.call_id or "": ""}, where)
    elif not kind.endswith((*_RESULTS, *_OTHERS)):
        raise _unknown(item, where)


def turns_of(items: Sequence[InputItem]) -> tuple[Turn, ...]:
    """Read a conversation.

    Raises ApiError for items of other kinds, and for calls and results that stand alone.
    """
    turns: list[Turn] = []
    open_calls: dict[str, str] = {}
    others: dict[str, str] = {}
    for index, item in enumerate(items):
        where = f"input[{index}]"
        kind = item_kind(item.type, item.id, item.role)
        if kind == "message":
            turns.append(_message(item, where))
        elif kind == "function_call":
            call = _call(item, where)
            open_calls[call.key] = call.name
            # As in a chat completion, where calls stand in the message that makes them.
            speaker = turns.pop() if turns and turns[-1].role == "assistant" else Turn("assistant", "")
            turns.append(replace(speaker, calls=(*speaker.calls, call)))
        elif kind == "function_call_output":
            turns.append(_result(item, open_calls, where))
        elif kind.endswith(_RESULTS):
            turns.append(Turn("tool", _told(item.output), answers=_tool(item, kind, others)))
        elif kind.endswith("_call") and item.call_id and item.name:
            others[item.call_id] = item.name
        elif not kind.endswith(_OTHERS):
            raise _unknown(item, where)
    if open_calls:
        message = f"No tool output found for function call {next(iter(open_calls))}."
        raise ApiError(400, message, param="input")
    return tuple(turns)


def _tool(item: InputItem, kind: str, others: dict[str, str]) -> str:
    """Name the tool that gave a result: as its call does, or as its kind is called."""
    named = kind.removesuffix("_output").removesuffix("_call")
    return item.name or others.get(item.call_id or "", named)


def _told(output: Any) -> str:
    """Return the words of a result, in whatever form its tool gives it."""
    if isinstance(output, str):
        return output
    parts = output if isinstance(output, list) else [output]
    words = [
        part[name] for part in parts if isinstance(part, dict) for name in ("text", "stdout") if name in part
    ]
    return "".join(word for word in words if isinstance(word, str))


def _message(item: InputItem, where: str) -> Turn:
    if item.role is None:
        raise missing_parameter(f"{where}.role")
    if item.content is None:
        raise missing_parameter(f"{where}.content")
    return Turn(
        item.role, _text(item.content, f"{where}.content"), _attachments(item.content, f"{where}.content")
    )


def _call(item: InputItem, where: str) -> PastCall:
    if not isinstance(item.arguments, str | None):
        message = f"{where}.arguments: expected a string, got {type(item.arguments).__name__}"
        raise ApiError(400, message, param=f"{where}.arguments", code="invalid_type")
    if item.call_id is None or item.name is None or item.arguments is None:
        fields = ("call_id", "name", "arguments")
        raise missing_parameter(f"{where}.{next(field for field in fields if getattr(item, field) is None)}")
    return PastCall(item.call_id, item.name, item.arguments)


def _result(item: InputItem, open_calls: dict[str, str], where: str) -> Turn:
    if item.call_id is None or item.output is None:
        raise missing_parameter(f"{where}.{'call_id' if item.call_id is None else 'output'}")
    if item.call_id not in open_calls:
        message = f"No tool call found for function call output with call_id {item.call_id}."
        raise ApiError(400, message, param="input")
    output = f"{where}.output"
    told: str | list[InputPart] = convert(item.output, str | list[InputPart], output)
    attached = _attachments(told, output)
    return Turn("tool", _text(told, output), attached, answers=open_calls.pop(item.call_id))


def _text(content: str | list[InputPart], where: str) -> str:
    if isinstance(content, str):
        return content
    return "".join(_words(part, f"{where}[{index}]") for index, part in enumerate(content))


def _words(part: InputPart, where: str) -> str:
    if part.type in _ATTACHED:
        return ""
    if part.type != "refusal" and part.type not in _WORDS:
        message = (
            f"{where}.type: expected 'input_text', 'input_image', 'input_file', 'input_audio', 'output_text' "
            f"or 'refusal', got '{part.type}'"
        )
        raise ApiError(400, message, param=f"{where}.type", code="invalid_value")
    words = part.refusal if part.type == "refusal" else part.text
    if words is None:
        raise missing_parameter(f"{where}.{'refusal' if part.type == 'refusal' else 'text'}")
    return words


def _attachments(content: str | list[InputPart], where: str) -> tuple[Attachment, ...]:
    parts = [] if isinstance(content, str) else content
    numbered = ((part, f"{where}[{index}]") for index, part in enumerate(parts))
    return tuple(_attachment(part, param) for part, param in numbered if part.type in _ATTACHED)


def _attachment(part: InputPart, param: str) -> Attachment:
    if part.type == "input_file":
        return file(part.file_data or part.file_url or part.file_id, param)
    if part.type == "input_audio":
        sound = part.input_audio or Sound()
        return audio(sound.data, sound.format, f"{param}.input_audio")
    if part.image_url is None and part.file_id is None:
        raise missing_parameter(f"{param}.image_url")
    return image(part.image_url or f"https://files/{part.file_id}", part.detail, f"{param}.image_url")


def _unknown(item: InputItem, where: str) -> ApiError:
    expected = ", ".join(_KINDS)
    message = f"{where}.type: expected one of {expected}, got '{item.type}'"
    return ApiError(400, message, param=f"{where}.type", code="invalid_value")
