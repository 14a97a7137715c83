"""Tools on offer and the choice among them, in the forms of both APIs, as a toolbox."""

from collections.abc import Collection, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from mockllm.api.reading.complaints import missing_parameter
from mockllm.text import complaint
from mockllm.values import ApiError, Tool, Toolbox, shown

_MOST_TOOLS = 128
_LETTERS_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

Mode = Literal["none", "auto", "required"]


class Function(msgspec.Struct):
    """What one function is called, does and takes."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Naming(NamedTuple):
    """Where an API has a tool's schema and the choice among tools, and how it lets tools be called."""

    schema: str = "parameters"
    choice: str = "tool_choice"
    signs: str = "_-"
    longest: int = 64


_USUAL = Naming()


def toolbox(
    functions: Mapping[str, Function],
    choice: Any,
    parallel: bool | None,
    others: Collection[str] = (),
    naming: Naming = _USUAL,
) -> Toolbox:
    """Check the tools and narrow them down to what the choice allows.

    `functions` are by their places in the body, `choice` is the request's `tool_choice`, and `others` is what
    a choice calls the tools that are no functions. Those run at the vendor's or are the client's own: this
    server never calls one, and goes on as if none was chosen. Raises ApiError.
    """
    if len(functions) > _MOST_TOOLS:
        raise ApiError(400, f"tools: at most {_MOST_TOOLS}, got {len(functions)}", param="tools")
    tools = tuple(_tool(function, where, naming) for where, function in functions.items())
    mode, names = _chosen(choice, naming.choice)
    known = {tool.name for tool in tools}
    wanted = [name for name in names if name in known or name not in others]
    if (names and not wanted) or (mode == "required" and not names and not tools and others):
        mode = "none"
    elif not tools and (wanted or mode == "required"):
        message = f"'{naming.choice}' is only allowed when 'tools' are specified."
        message = f"Invalid value for '{naming.choice}': {message}"
        raise ApiError(400, message, param=naming.choice, code="invalid_value")
    for name in wanted:
        if name not in known:
            message = f"Tool choice '{name}' not found in 'tools' parameter."
            raise ApiError(400, message, param=naming.choice, code="invalid_value")
    return Toolbox(
        tuple(tool for tool in tools if not wanted or tool.name in wanted), mode, parallel is not False
    )


def kind_of(tool: Mapping[str, Any], where: str) -> str:
    """Return the type of a tool. Raises ApiError if it has none."""
    kind = tool.get("type")
    if not isinstance(kind, str):
        raise missing_parameter(f"{where}.type")
    return kind


def _is_other(choice: Any) -> bool:
    kind = choice.get("type") if isinstance(choice, dict) else None
    return isinstance(kind, str) and kind not in ("function", "allowed_tools")


def _tool(function: Function, where: str, naming: Naming) -> Tool:
    longest = naming.longest
    if not 0 < len(function.name) <= longest or not _LETTERS_AND_DIGITS.union(naming.signs).issuperset(
        function.name
    ):
        signs = f"{', '.join(naming.signs[:-1])} and {naming.signs[-1]}"
        message = f"Invalid '{where}.name': expected 1 to {longest} of a-z, A-Z, 0-9, {signs}"
        message = f"{message}, got '{function.name[:80]}'"
        raise ApiError(400, message, param=f"{where}.name", code="invalid_value")
    schema = function.parameters or {"type": "object", "properties": {}, "additionalProperties": False}
    problem = complaint(schema, strict=bool(function.strict))
    if problem is None and schema.get("type") != "object":
        problem = f"schema must be a JSON Schema of type 'object', got {shown(schema.get('type'))}."
    if problem is not None:
        raise ApiError(
            400,
            f"Invalid schema for function '{function.name}': {problem}",
            param=f"{where}.{naming.schema}",
            code="invalid_function_parameters",
        )
    return Tool(function.name, function.description or "", schema)


def _chosen(choice: Any, where: str) -> tuple[Mode, tuple[str, ...]]:
    """Read a choice; names limit the tools to these."""
    if choice is None:
        return "auto", ()
    if choice in ("none", "auto", "required"):
        return choice, ()
    if _is_other(choice):
        return "none", ()
    if isinstance(choice, dict) and choice.get("type") == "function":
        return "required", (_name(choice, where),)
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        allowed = choice.get("allowed_tools", choice)
        if isinstance(allowed, dict) and allowed.get("mode") in ("auto", "required"):
            tools = allowed.get("tools")
            if isinstance(tools, list) and tools:
                names = [_name(tool, where) for tool in tools if not _is_other(tool)]
                return (allowed["mode"] if names else "none"), tuple(dict.fromkeys(names))
    raise _bad_choice(choice, where)


def _name(choice: Any, where: str) -> str:
    named = choice.get("function", choice) if isinstance(choice, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if not isinstance(name, str):
        raise _bad_choice(choice, where)
    return name


def _bad_choice(choice: Any, where: str) -> ApiError:
    message = f"{where}: expected 'none', 'auto', 'required', a function or allowed_tools"
    return ApiError(400, f"{message}, got {shown(choice)}", param=where, code="invalid_value")
