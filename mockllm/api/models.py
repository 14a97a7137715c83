"""The list of models, as each vendor writes it. Pure."""

from collections.abc import Sequence
from typing import Any, Literal

from mockllm.api.wire import encode

Vendor = Literal["openai", "anthropic", "google"]
_METHODS = ["generateContent", "countTokens", "embedContent", "batchEmbedContents"]


def model_body(name: str, vendor: Vendor) -> bytes:
    return encode(_model(name, vendor))


def models_body(names: Sequence[str], vendor: Vendor) -> bytes:
    data = [_model(name, vendor) for name in names]
    if vendor == "google":
        return encode({"models": data})
    if vendor == "anthropic":
        return encode(
            {
                "data": data,
                "has_more": False,
                "first_id": next(iter(names), None),
                "last_id": names[-1] if names else None,
            }
        )
    return encode({"object": "list", "data": data})


def _model(name: str, vendor: Vendor) -> dict[str, Any]:
    if vendor == "google":
        limits = {"inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536}
        shown = {"name": f"models/{name}", "version": "001", "displayName": name}
        return {**shown, **limits, "supportedGenerationMethods": _METHODS}
    if vendor == "anthropic":
        made = {"created_at": "2025-10-09T08:53:20Z", "lifecycle": "active"}
        return {"type": "model", "id": name, "display_name": name, **made}
    return {"id": name, "object": "model", "created": 1_760_000_000, "owned_by": "mockllm"}
