"""The list of models. Pure."""

from mockllm.api.wire import encode


def model_body(name: str) -> bytes:
    return encode(_model(name))


def models_body(names: list[str]) -> bytes:
    return encode({"object": "list", "data": [_model(name) for name in names]})


def _model(name: str) -> dict[str, str | int]:
    return {"id": name, "object": "model", "created": 1_760_000_000, "owned_by": "mockllm"}
