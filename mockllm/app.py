"""The routes: a Flask application that turns each request into a reply and hands it to the sender."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from flask import Flask, Response, request

from mockllm import faults, wire
from mockllm.api import ENDPOINTS, Endpoint
from mockllm.api import models as models_api
from mockllm.control import add_rule_routes
from mockllm.error_responses import answer_errors, json_response
from mockllm.errors import ApiError
from mockllm.knobs import Knobs
from mockllm.pacing import PROFILES
from mockllm.plan import Reply
from mockllm.request import check_model, identify, tier_of, turn_knobs
from mockllm.rules import Question, RuleBook
from mockllm.sending import Sender
from mockllm.settings import Settings

# What asks for an earlier answer: none is kept, so that each answer follows from its own request.
_STORED = {
    "/v1/responses/<key>": ["GET", "DELETE"],
    "/v1/responses/<key>/cancel": ["POST"],
    "/v1/responses/<key>/input_items": ["GET"],
    "/v1/chat/completions/<key>": ["GET", "POST", "DELETE"],
    "/v1/chat/completions/<key>/messages": ["GET"],
}


def create_app(settings: Settings | None = None) -> Flask:
    """Build the mock as a WSGI application; without settings it takes the defaults."""
    settings = settings or Settings()
    app = Flask("mockllm", static_folder=None)
    app.extensions["mockllm"] = sender = Sender()
    book = RuleBook(settings.rules)

    def answer(endpoint: Endpoint) -> Response:
        body, started = request.get_data(), time.monotonic()
        _check_key(settings)
        asked = endpoint.parse(body)
        check_model(asked.model, settings)
        identity = identify(body, settings.seed)
        question = Question(asked.model, endpoint.turns(asked))
        rules = book.rules_for(question)
        turned = turn_knobs(asked.model, asked.mock, getattr(asked, "seed", None), settings, rules)
        knobs = with_settled_fault(turned, identity, question.turn, settings)
        stamp = wire.Stamp(identity, asked.model, tier_of(getattr(asked, "service_tier", None)))
        reply = faults.apply(knobs.fault, endpoint.reply(asked, knobs, stamp))
        return _response(reply, sender, started)

    for path, endpoint in ENDPOINTS.items():
        app.post(path, endpoint=path)(partial(answer, endpoint))

    @app.get("/v1/models")
    def models() -> Response:
        _check_key(settings)
        names = ["mock", *(f"mock-{name}" for name in PROFILES)]
        return json_response(models_api.models_body(names))

    @app.get("/v1/models/<path:name>")
    def model(name: str) -> Response:
        _check_key(settings)
        check_model(name, settings)
        turn_knobs(name, None, None, settings)
        return json_response(models_api.model_body(name))

    for path, methods in _STORED.items():
        app.route(path, endpoint=path, methods=methods)(_not_stored)

    @app.get("/healthz")
    def healthz() -> Response:
        return json_response(wire.encode({"status": "ok", "saturated": False, **book.health()}))

    add_rule_routes(app, book.given)

    answer_errors(app)
    return app


def with_settled_fault(knobs: Knobs, identity: bytes, user_turns: int, settings: Settings) -> Knobs:
    """Decide which fault strikes this attempt: the one asked for, else what the configuration has for it."""
    sent = request.headers.get("X-Stainless-Retry-Count", "")
    attempt = faults.Attempt(identity, user_turns, int(sent) if sent.isdecimal() else 0)
    return replace(knobs, fault=faults.settle(knobs.fault, settings.schedule, attempt, settings.seed))


def _response(reply: Reply, sender: Sender, started: float) -> Response:
    body: Iterable[bytes] = sender.body(reply, request.environ, started)
    response = Response(body, reply.status, list(reply.headers))
    # Unlike the answer, which follows from the request, this names one attempt: a journal is joined by it.
    response.headers["X-Request-ID"] = f"req_{secrets.token_hex(16)}"
    if reply.length is not None:
        response.headers["Content-Length"] = str(reply.length)
    return response


def _not_stored(key: str) -> Response:
    raise ApiError(404, f"'{key}' not found: this server keeps no answers.", code="not_found")


def _check_key(settings: Settings) -> None:
    if not settings.api_key:
        return
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), settings.api_key.encode()):
        challenge = (("WWW-Authenticate", 'Bearer realm="OpenAI API"'),)
        raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key", headers=challenge)
