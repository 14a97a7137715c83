"""The checks of `--strict` on one body. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockllm.api.strictness.parameters import PARAMETERS
from mockllm.api.strictness.reasoning_models import refused_by_reasoning
from mockllm.text import beyond_limits
from mockllm.values import ApiError

_OURS = {"mock"}


def check_strictly(path: str, given: Any) -> None:
    """Refuse what the real API would refuse of what a body says. What is no object is left to others.

    Raises ApiError for unknown parameters, for those that a reasoning model lacks, and for a strict schema
    beyond the documented limits.
    """
    if not isinstance(given, dict) or path not in PARAMETERS:
        return
    _check_names(path, given)
    if path == "/v1/chat/completions":
        refused_by_reasoning(given)
    for where, schema in _strict_schemas(given):
        if problem := beyond_limits(schema):
            message = f"Invalid schema for {where}: {problem}"
            raise ApiError(400, message, param=where, code="invalid_json_schema")


def _check_names(path: str, given: Mapping[str, Any]) -> None:
    unknown = [name for name in given if name not in PARAMETERS[path] | _OURS]
    if not unknown:
        return
    if path == "/v1/responses":
        message = f"Unknown parameter: '{unknown[0]}'."
        raise ApiError(400, message, param=unknown[0], code="unknown_parameter")
    if path.startswith("/v1/messages"):
        raise ApiError(400, f"{unknown[0]}: Extra inputs are not permitted", param=unknown[0])
    arguments = "argument" if len(unknown) == 1 else "arguments"
    raise ApiError(400, f"Unrecognized request {arguments} supplied: {', '.join(unknown)}")


def _strict_schemas(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for index, tool in enumerate(_list(given.get("tools"))):
        function = tool.get("function", tool) if isinstance(tool, dict) else {}
        if isinstance(function, dict) and function.get("strict"):
            yield f"tools[{index}].parameters", function.get("parameters")
    wanted = _object(_object(given.get("response_format")).get("json_schema"))
    if wanted.get("strict"):
        yield "response_format", wanted.get("schema")
    form = _object(_object(given.get("text")).get("format"))
    if form.get("strict"):
        yield "text.format.schema", form.get("schema")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
