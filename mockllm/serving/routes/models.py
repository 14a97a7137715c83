"""The routes by which a client learns which models there are."""

from flask import Flask, Response

from mockllm.api import json_response, model_body, models_body, speaks_anthropic
from mockllm.serving.access import check_key
from mockllm.serving.knob_layers import check_model, listed_models, turn_knobs
from mockllm.serving.settings import Settings
from mockllm.values import ApiError


def add_model_routes(app: Flask, settings: Settings) -> None:
    """Serve `/v1/models` in the form of the vendor whose client asks."""

    @app.get("/v1/models")
    def models() -> Response:
        check_key(settings)
        names = listed_models(settings)
        return json_response(models_body(names, anthropic=speaks_anthropic()))

    @app.get("/v1/models/<path:name>")
    def model(name: str) -> Response:
        check_key(settings)
        check_model(name, settings)
        turn_knobs(name, None, None, settings)
        return json_response(model_body(name, anthropic=speaks_anthropic()))

    @app.delete("/v1/models/<path:name>")
    def deleted(name: str) -> Response:
        check_key(settings)
        check_model(name, settings)
        # As OpenAI refuses to delete a model of its own.
        message = "You have insufficient permissions for this operation: there are no fine-tuned models here."
        raise ApiError(403, message)
