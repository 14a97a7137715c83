"""The routes: a Flask application that turns each request into a reply and hands it to the sender."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from mockllm import faults, wire
from mockllm.completion import Completion, Turn, complete
from mockllm.errors import ApiError
from mockllm.knobs import Knobs
from mockllm.pacing import PROFILES, total_seconds
from mockllm.plan import Reply, whole
from mockllm.request import ChatRequest, check_model, identify, parse_chat, text_of, turn_knobs
from mockllm.sending import Sender
from mockllm.settings import Settings

MAX_BODY_BYTES = 10 * 1024 * 1024
_REQUESTS_LIMIT = 10_000
_TOKENS_LIMIT = 200_000


def create_app(settings: Settings | None = None) -> Flask:
    """Build the mock as a WSGI application; without settings it takes the defaults."""
    settings = settings or Settings()
    app = Flask("mockllm", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["mockllm"] = sender = Sender()

    @app.post("/v1/chat/completions")
    def chat_completions() -> Response:
        body, started = request.get_data(), time.monotonic()
        _check_key(settings)
        chat = parse_chat(body)
        check_model(chat.model, settings)
        identity = identify(body, settings.seed)
        user_turns = sum(message.role == "user" for message in chat.messages)
        asked = turn_knobs(chat.model, chat.mock, chat.seed, settings)
        knobs = with_settled_fault(asked, identity, user_turns, settings)
        stamp = wire.Stamp(identity, chat.model, _service_tier(chat.service_tier))
        reply = faults.apply(knobs.fault, chat_reply(chat, knobs, stamp))
        return _response(reply, sender, started)

    @app.get("/v1/models")
    def models() -> Response:
        _check_key(settings)
        names = ["mock", *(f"mock-{name}" for name in PROFILES)]
        return _json(wire.models_body(names))

    @app.get("/v1/models/<path:name>")
    def model(name: str) -> Response:
        _check_key(settings)
        check_model(name, settings)
        turn_knobs(name, None, None, settings)
        return _json(wire.json_body(wire.model_body(name)))

    @app.get("/healthz")
    def healthz() -> Response:
        return _json(wire.json_body({"status": "ok", "saturated": False}))

    app.register_error_handler(ApiError, _refusal)
    app.register_error_handler(HTTPException, lambda error: _refusal(_from_http(error)))
    return app


def chat_reply(chat: ChatRequest, knobs: Knobs, stamp: wire.Stamp) -> Reply:
    """Plan the answer to a chat completion request. Pure."""
    stop = [chat.stop] if isinstance(chat.stop, str) else chat.stop or []
    turns = [Turn(message.role, text_of(message)) for message in chat.messages]
    limit = chat.max_completion_tokens or chat.max_tokens
    completion = complete(turns, knobs, chat.n or 1, limit, stop)
    if not chat.stream:
        due = total_seconds(knobs.pace, completion.steps)
        headers = api_headers(wire.JSON_TYPE, due, completion)
        return whole(200, headers, wire.chat_body(completion, stamp), due, completion.steps)
    options = chat.stream_options
    include_usage = bool(options and options.include_usage)
    include_obfuscation = not (options and options.include_obfuscation is False)
    chunks = wire.ChatChunks(stamp, include_usage, include_obfuscation, len(completion.choices))
    sends = wire.chat_sends(completion, chunks, knobs.pace, include_usage)
    return Reply(200, api_headers(wire.EVENT_STREAM_TYPE, knobs.pace.ttft_seconds, completion), sends)


def api_headers(
    content_type: str, processing_seconds: float, completion: Completion
) -> tuple[tuple[str, str], ...]:
    """Return the headers that OpenAI sends with an answer; the limits are far away and never reached."""
    left = max(_TOKENS_LIMIT - completion.prompt_tokens, 0)
    return (
        ("Content-Type", content_type),
        ("Cache-Control", "no-cache"),
        ("Access-Control-Expose-Headers", "X-Request-ID"),
        ("OpenAI-Organization", "mockllm"),
        ("OpenAI-Processing-MS", str(round(processing_seconds * 1000))),
        ("OpenAI-Version", "2020-10-01"),
        ("X-RateLimit-Limit-Requests", str(_REQUESTS_LIMIT)),
        ("X-RateLimit-Limit-Tokens", str(_TOKENS_LIMIT)),
        ("X-RateLimit-Remaining-Requests", str(_REQUESTS_LIMIT - 1)),
        ("X-RateLimit-Remaining-Tokens", str(left)),
        ("X-RateLimit-Reset-Requests", "6ms"),
        ("X-RateLimit-Reset-Tokens", f"{max((_TOKENS_LIMIT - left) * 60_000 // _TOKENS_LIMIT, 1)}ms"),
    )


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


def _json(body: bytes, status: int = 200) -> Response:
    return Response(
        body, status, {"Content-Type": wire.JSON_TYPE, "X-Request-ID": f"req_{secrets.token_hex(16)}"}
    )


def _refusal(error: ApiError) -> Response:
    response = _json(wire.error_body(error), error.status)
    response.headers.extend(error.headers)
    return response


def _from_http(error: HTTPException) -> ApiError:
    status = error.code or 500
    if status == 404:
        return ApiError(404, f"Invalid URL ({request.method} {request.path})", code="unknown_url")
    if status == 405:
        message = f"Not allowed to {request.method} on {request.path}."
        allowed = tuple(("Allow", method) for method in getattr(error, "valid_methods", None) or ())
        return ApiError(405, message, code="method_not_supported", headers=allowed)
    if status == 413:
        return ApiError(
            413, f"The body is too large: at most {MAX_BODY_BYTES} bytes.", code="request_too_large"
        )
    kind = "invalid_request_error" if status < 500 else "server_error"
    return ApiError(status, error.description or error.name, kind=kind)


def _check_key(settings: Settings) -> None:
    if not settings.api_key:
        return
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), settings.api_key.encode()):
        challenge = (("WWW-Authenticate", 'Bearer realm="OpenAI API"'),)
        raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key", headers=challenge)


def _service_tier(asked: str | None) -> str:
    named: dict[Any, str] = {None: "default", "auto": "default", "fast": "priority"}
    return named.get(asked, asked or "default")
