"""A complaint of msgspec's about a body, in the words and with the codes of OpenAI's own. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from mockllm.api.reading.literals import literals_at
from mockllm.values import ApiError, shown

_MISSING = re.compile(r"Object missing required field `(\w+)`")
_TYPE = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<came>[^`]+)`")
_LIMIT = re.compile(r"Expected `(?P<kind>\w+)` (?P<length>of length )?(?P<sign>[<>]=) (?P<limit>\S+)")
_ENUM = re.compile(r"Invalid enum value ")
_AT = re.compile(r"(.*) - at (?:`key` in )?`\$\.?(.*)`", re.DOTALL)
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|([^.\[\]]+)")
_SHOWN = 200

_ARTICLES = {
    "str": "a string", "int": "an integer", "float": "a decimal", "bool": "a boolean", "array": "an array",
    "object": "an object", "null": "null",
}  # fmt: skip
_KINDS: dict[type, str] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    list: "array",
    dict: "object",
    type(None): "null",
}


def refusal(complaint: str, given: Any, kind: Any, where: str = "") -> ApiError:
    """Make the 400 of what does not fit `kind`; `where` is the place of `given` in the body."""
    located = _AT.fullmatch(complaint)
    reason, at = (located[1], located[2]) if located else (complaint, "")
    steps = list(_steps(at, given, reason))
    param = _joined(where, steps)
    if missing := _MISSING.fullmatch(reason):
        return missing_parameter(_joined(param, [missing[1]]))
    value = _value_at(given, steps)
    code, message = _told(reason, value, kind, steps, param or "body")
    return ApiError(400, message, param=param or None, code=code)


def missing_parameter(param: str) -> ApiError:
    """Make the refusal of a request that lacks a parameter."""
    message = f"Missing required parameter: '{param}'."
    return ApiError(400, message, param=param, code="missing_required_parameter")


def _told(reason: str, value: Any, kind: Any, steps: list[str | int], param: str) -> tuple[str, str]:
    """Return the code and the message."""
    if came := _TYPE.fullmatch(reason):
        expected = [name for name in came["expected"].split(" | ") if name != "null"] or ["null"]
        return "invalid_type", (
            f"Invalid type for '{param}': expected {_either(expected)}, "
            f"but got {_ARTICLES.get(came['came'], came['came'])} instead."
        )
    if limit := _LIMIT.fullmatch(reason):
        return _beyond(limit, value, param)
    if _ENUM.match(reason):
        return "invalid_value", f"Invalid value: {shown(value)}.{_supported(kind, steps)}"
    return "invalid_value", f"Invalid value for '{param}': {reason}."


def _beyond(limit: re.Match[str], value: Any, param: str) -> tuple[str, str]:
    kind = {"int": "integer", "float": "decimal", "str": "string"}.get(limit["kind"], limit["kind"])
    is_low = limit["sign"] == ">="
    bound = limit["limit"].removesuffix(".0")
    if not limit["length"]:
        edge, word = ("below", "minimum") if is_low else ("above", "maximum")
        message = (
            f"Invalid '{param}': {kind} {edge} {word} value. "
            f"Expected a value {limit['sign']} {bound}, but got {shown(value)} instead."
        )
        return f"{kind}_{edge}_{word[:3]}_value", message
    if kind == "object":
        message = (
            f"Invalid '{param}': too many properties. Expected an object with at most {bound} properties, "
            f"but got an object with {len(value)} properties instead."
        )
        return "object_above_max_properties", message
    a_kind = _ARTICLES[limit["kind"]]
    if is_low and bound == "1":
        article = "an empty"
        message = (
            f"Invalid '{param}': empty {kind}. "
            f"Expected {a_kind} with minimum length 1, but got {article} {kind} instead."
        )
        return f"empty_{kind}", message
    word, edge, too = ("minimum", "below", "short") if is_low else ("maximum", "above", "long")
    message = (
        f"Invalid '{param}': {kind} too {too}. Expected {a_kind} with {word} length {bound}, "
        f"but got {a_kind} with length {len(value)} instead."
    )
    return f"{kind}_{edge}_{word[:3]}_length", message


def _either(names: list[str]) -> str:
    *others, last = [_ARTICLES.get(name, name) for name in names]
    return f"one of {', '.join(others)} or {last}" if others else last


def _steps(at: str, given: Any, reason: str) -> Iterator[str | int]:
    """Yield the way to a value; of a mapping msgspec does not name the key: it is the first that is wrong."""
    for index, name in _STEP.findall(at):
        step: str | int = name or (int(index) if index.isdigit() else "")
        if index == "..." and isinstance(given, dict):
            step = next((key for key, value in given.items() if _is_wrong(value, reason)), "")
        given = _value_at(given, [step])
        if step != "":
            yield step


def _is_wrong(value: Any, reason: str) -> bool:
    if came := _TYPE.fullmatch(reason):
        return _KINDS.get(type(value)) == came["came"]
    limit = _LIMIT.fullmatch(reason)
    kind = _KINDS.get(type(value))
    if limit is None or kind not in (limit["kind"], "int" if limit["kind"] == "float" else ""):
        return False
    size, bound = len(value) if limit["length"] else value, float(limit["limit"])
    return bool(size > bound if limit["sign"] == "<=" else size < bound)


def _value_at(given: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(given, dict):
            given = given.get(step)
        elif isinstance(given, list) and isinstance(step, int) and step < len(given):
            given = given[step]
        else:
            return None
    return given


def _joined(where: str, steps: list[str | int]) -> str:
    for step in steps:
        where += f"[{step}]" if isinstance(step, int) else f".{step}" if where else str(step)
    return where


def _supported(kind: Any, steps: list[str | int]) -> str:
    *others, last = [f"'{value}'" for value in literals_at(kind, steps)] or [""]
    if not others:
        return f" The supported value is {last}." if last else ""
    return f" Supported values are: {', '.join(others)}{',' * (len(others) > 1)} and {last}."
