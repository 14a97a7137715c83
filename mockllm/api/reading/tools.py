"""Tools on offer and the choice among them, in the forms of both APIs, as a toolbox."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from mockllm.text import complaint
from mockllm.values import ApiError, Tool, Toolbox, shown

_MOST_TOOLS = 128
_NAME_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

Mode = Literal["none", "auto", "required"]


class Function(msgspec.Struct):
    """What one function is called, does and takes."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


def toolbox(functions: Sequence[Function], choice: Any, parallel: bool | None, where: str) -> Toolbox:
    """Check the tools and narrow them down to what the choice allows.

    `choice` is the request's `tool_choice`; `where` has a place for a tool's index. Raises ApiError.
    """
    if len(functions) > _MOST_TOOLS:
        raise ApiError(400, f"tools: at most {_MOST_TOOLS}, got {len(functions)}", param="tools")
    tools = tuple(_tool(function, where.format(index)) for index, function in enumerate(functions))
    if _is_other(choice):
        # A tool of the vendor's own runs there: this server has none, and goes on as if none was chosen.
        choice = "none"
    mode, names = _chosen(choice)
    if not tools and (names or mode == "required"):
        message = "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."
        raise ApiError(400, message, param="tool_choice", code="invalid_value")
    allowed = tuple(tool for tool in tools if not names or tool.name in names)
    known = {tool.name for tool in tools}
    for name in names:
        if name not in known:
            message = f"Tool choice '{name}' not found in 'tools' parameter."
            raise ApiError(400, message, param="tool_choice", code="invalid_value")
    return Toolbox(allowed, mode, parallel is not False)


def chosen(choice: Any, functions: Sequence[Function], tools: Sequence[Any] | None) -> Any:
    """Return the choice among the functions: none, where it is a tool of another kind that must be called."""
    return "none" if choice == "required" and tools and not functions else choice


def kind_of(tool: Mapping[str, Any], where: str) -> str:
    """Return the type of a tool. Raises ApiError if it has none."""
    kind = tool.get("type")
    if not isinstance(kind, str):
        message = f"Missing required parameter: '{where}.type'."
        raise ApiError(400, message, param=f"{where}.type", code="missing_required_parameter")
    return kind


def _is_other(choice: Any) -> bool:
    kind = choice.get("type") if isinstance(choice, dict) else None
    return isinstance(kind, str) and kind not in ("function", "allowed_tools")


def _tool(function: Function, where: str) -> Tool:
    if not 0 < len(function.name) <= 64 or not _NAME_ALPHABET.issuperset(function.name):
        message = (
            f"Invalid '{where}.name': expected 1 to 64 of a-z, A-Z, 0-9, _ and -, got '{function.name[:80]}'"
        )
        raise ApiError(400, message, param=f"{where}.name", code="invalid_value")
    schema = function.parameters or {"type": "object", "properties": {}, "additionalProperties": False}
    problem = complaint(schema, strict=bool(function.strict))
    if problem is None and schema.get("type") != "object":
        problem = f"schema must be a JSON Schema of type 'object', got {shown(schema.get('type'))}."
    if problem is not None:
        raise ApiError(
            400,
            f"Invalid schema for function '{function.name}': {problem}",
            param=f"{where}.parameters",
            code="invalid_function_parameters",
        )
    return Tool(function.name, function.description or "", schema)


def _chosen(choice: Any) -> tuple[Mode, tuple[str, ...]]:
    """Read a choice; names limit the tools to these."""
    if choice is None:
        return "auto", ()
    if choice in ("none", "auto", "required"):
        return choice, ()
    if isinstance(choice, dict) and choice.get("type") == "function":
        return "required", (_name(choice),)
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        allowed = choice.get("allowed_tools", choice)
        if isinstance(allowed, dict) and allowed.get("mode") in ("auto", "required"):
            tools = allowed.get("tools")
            if isinstance(tools, list) and tools:
                return allowed["mode"], tuple(dict.fromkeys(map(_name, tools)))
    raise _bad_choice(choice)


def _name(choice: Any) -> str:
    named = choice.get("function", choice) if isinstance(choice, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if not isinstance(name, str):
        raise _bad_choice(choice)
    return name


def _bad_choice(choice: Any) -> ApiError:
    message = "tool_choice: expected 'none', 'auto', 'required', a function or allowed_tools"
    return ApiError(400, f"{message}, got {shown(choice)}", param="tool_choice", code="invalid_value")
