"""The checks of `--strict` on one body. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockllm.api.reading import object_of
from mockllm.api.strictness.google_fields import check_google_fields, message_at
from mockllm.api.strictness.parameters import CHAT, CONVERSATIONS, MESSAGES, NESTED, PARAMETERS, RESPONSES
from mockllm.api.strictness.reasoning_models import refused_by_reasoning, refused_in_responses
from mockllm.text import beyond_limits
from mockllm.values import ApiError

_OURS = {"mock"}
_KEPT = re.compile(f"({CONVERSATIONS}|{CHAT})/[^/]+(/items)?")


def check_strictly(path: str, given: Any) -> None:
    """Refuse what the real API would refuse of what a body says. What is no object is left to others.

    Raises ApiError for unknown parameters, for those that a reasoning model lacks, and for a strict schema
    beyond the documented limits.
    """
    if message := message_at(path):
        check_google_fields(given, message)
    path = _KEPT.sub(r"\1/<key>\2", path)
    if not isinstance(given, dict) or path not in PARAMETERS:
        return
    _check_names(path, given)
    _check_nested_names(path, given)
    if path == CHAT:
        refused_by_reasoning(given)
    if path == RESPONSES:
        refused_in_responses(given)
    for where, schema in _strict_schemas(given):
        if problem := beyond_limits(schema):
            message = f"Invalid schema for {where}: {problem}"
            raise ApiError(400, message, param=where, code="invalid_json_schema")


def _check_names(path: str, given: Mapping[str, Any]) -> None:
    unknown = [name for name in given if name not in PARAMETERS[path] | _OURS]
    if not unknown:
        return
    if path.startswith((RESPONSES, CONVERSATIONS)):
        message = f"Unknown parameter: '{unknown[0]}'."
        raise ApiError(400, message, param=unknown[0], code="unknown_parameter")
    if path.startswith(MESSAGES):
        raise ApiError(400, f"{unknown[0]}: Extra inputs are not permitted", param=unknown[0])
    arguments = "argument" if len(unknown) == 1 else "arguments"
    raise ApiError(400, f"Unrecognized request {arguments} supplied: {', '.join(unknown)}")


def _check_nested_names(path: str, given: Mapping[str, Any]) -> None:
    for written, known in NESTED.get(path, {}).items():
        place, _, kind = written.partition("=")
        for where, found in _objects_at(given, place.split("."), ""):
            unknown = next((name for name in found if name not in known), None)
            if unknown and (not kind or _kind_of(found) == kind):
                raise _unknown(path, where, kind, unknown)


def _kind_of(found: Mapping[str, Any]) -> Any:
    """Return the type: an item that says who speaks is a message, and Anthropic's tools are custom ones."""
    return found.get("type") or ("message" if "role" in found else "custom")


def _unknown(path: str, where: str, kind: str, name: str) -> ApiError:
    if path.startswith(MESSAGES):
        at = ".".join(filter(None, (where, kind, name)))
        return ApiError(400, f"{at}: Extra inputs are not permitted", param=at)
    param = f"{where}.{name}"
    return ApiError(400, f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")


def _objects_at(value: Any, steps: Sequence[str], where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the objects at a place such as `tools[].function`, each with where it stands."""
    if not isinstance(value, dict):
        return
    if not steps:
        yield where, value
        return
    name = steps[0].removesuffix("[]")
    child, at = value.get(name), f"{where}.{name}" if where else name
    if name == steps[0]:
        yield from _objects_at(child, steps[1:], at)
        return
    for index, each in enumerate(_list(child)):
        yield from _objects_at(each, steps[1:], f"{at}[{index}]")


def _strict_schemas(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for index, tool in enumerate(_list(given.get("tools"))):
        function = tool.get("function", tool) if isinstance(tool, dict) else {}
        if isinstance(function, dict) and function.get("strict"):
            yield f"tools[{index}].parameters", function.get("parameters")
    wanted = object_of(object_of(given.get("response_format")).get("json_schema"))
    if wanted.get("strict"):
        yield "response_format", wanted.get("schema")
    form = object_of(object_of(given.get("text")).get("format"))
    if form.get("strict"):
        yield "text.format.schema", form.get("schema")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
