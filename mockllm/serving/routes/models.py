"""The routes by which a client learns which models there are."""

from flask import Flask, Response

from mockllm.api import Vendor, json_response, model_body, models_body, speaks_anthropic, speaks_gemini
from mockllm.serving.access import check_key
from mockllm.serving.knob_layers import check_model, listed_models, turn_knobs
from mockllm.serving.settings import Settings
from mockllm.values import ApiError


def add_model_routes(app: Flask, settings: Settings) -> None:
    """Serve `/v1/models` in the form of the vendor whose client asks."""

    @app.get("/v1beta/models")
    @app.get("/v1/models")
    def models() -> Response:
        check_key(settings)
        names = listed_models(settings)
        return json_response(models_body(names, _vendor()))

    @app.get("/v1beta/models/<path:name>")
    @app.get("/v1/models/<path:name>")
    def model(name: str) -> Response:
        check_key(settings)
        check_model(name, settings)
        turn_knobs(name, None, None, settings)
        return json_response(model_body(name, _vendor()))

    @app.delete("/v1/models/<path:name>")
    def deleted(name: str) -> Response:
        check_key(settings)
        check_model(name, settings)
        # As OpenAI refuses to delete a model of its own.
        message = "You have insufficient permissions for this operation: there are no fine-tuned models here."
        raise ApiError(403, message)


def _vendor() -> Vendor:
    return "anthropic" if speaks_anthropic() else "google" if speaks_gemini() else "openai"
