"""The list of models, as each vendor writes it. Pure."""

from collections.abc import Sequence
from typing import Any

from mockllm.api.wire import encode


def model_body(name: str, *, anthropic: bool = False) -> bytes:
    return encode(_model(name, anthropic=anthropic))


def models_body(names: Sequence[str], *, anthropic: bool = False) -> bytes:
    data = [_model(name, anthropic=anthropic) for name in names]
    if anthropic:
        return encode(
            {
                "data": data,
                "has_more": False,
                "first_id": next(iter(names), None),
                "last_id": names[-1] if names else None,
            }
        )
    return encode({"object": "list", "data": data})


def _model(name: str, *, anthropic: bool) -> dict[str, Any]:
    if anthropic:
        made = {"created_at": "2025-10-09T08:53:20Z", "lifecycle": "active"}
        return {"type": "model", "id": name, "display_name": name, **made}
    return {"id": name, "object": "model", "created": 1_760_000_000, "owned_by": "mockllm"}
