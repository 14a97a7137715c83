"""The routes of Gemini's API, whose paths name the model, and behind it what is wanted of it."""

from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed

from mockllm.api import DEPLOYMENT, GEMINI, Endpoint
from mockllm.values import ApiError


def add_gemini_routes(app: Flask, answer: Callable[[Endpoint], Response]) -> None:
    """Serve what is asked of a model; `answer` plans a reply and sends it."""

    # Google's clients ask under the first, and newer ones under the second.
    @app.post("/v1beta/models/<path:name>")
    @app.post("/v1/models/<path:name>")
    def generated(name: str) -> Response:
        # A model's name has colons of its own, as in mock-stall:150.
        model, colon, method = name.rpartition(":")
        if not colon:
            raise MethodNotAllowed(["DELETE", "GET"])
        alt = request.args.get("alt", "")
        endpoint = GEMINI.get(f"{method} {alt}", GEMINI.get(method))
        if endpoint is None:
            known = ", ".join(each for each in GEMINI if " " not in each)
            raise ApiError(404, f"models/{model}: expected one of {known}, got '{method}'")
        request.environ[DEPLOYMENT] = model
        return answer(endpoint)
