"""A refusal in the words of another server. Pure."""

from collections.abc import Callable
from typing import Any

from mockllm.api.wire import encode
from mockllm.api.wire import error_body as openai_body
from mockllm.values import ApiError

_TYPES = {400: "BadRequestError", 401: "Unauthorized", 404: "NotFoundError", 429: "RateLimitError"}


def refusal_body(error: ApiError) -> bytes:
    """Write the body of a refusal in the dialect that it names."""
    written = _BODIES.get(error.dialect)
    return encode(written(error)) if written else openai_body(error)


def _openrouter(error: ApiError) -> Any:
    return {"error": {"message": error.message, "code": error.status, "metadata": {"provider_name": "Mock"}}}


def _mistral(error: ApiError) -> Any:
    return {
        "object": "error",
        "message": error.message,
        "type": error.kind,
        "param": error.param,
        "code": "1000",
    }


def _vllm(error: ApiError) -> Any:
    kind = _TYPES.get(error.status, "InternalServerError")
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.status}}


def _llamacpp(error: ApiError) -> Any:
    told: dict[str, Any] = {"code": error.status, "message": error.message, "type": error.kind}
    if error.code == "context_length_exceeded":
        told["message"] = (
            "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it"
        )
        told |= {"type": "exceed_context_size_error", "n_prompt_tokens": 9000, "n_ctx": 8192}
    return {"error": told}


def _azure(error: ApiError) -> Any:
    return {"error": {"code": error.code or str(error.status), "message": error.message}}


_BODIES: dict[str, Callable[[ApiError], Any]] = {
    "openrouter": _openrouter,
    "mistral": _mistral,
    "vllm": _vllm,
    "llamacpp": _llamacpp,
    "azure": _azure,
}
