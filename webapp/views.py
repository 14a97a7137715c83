"""The routes and their headers, and the one place where an error becomes a response."""

from __future__ import annotations

import logging
import math
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from errno import EPIPE

import msgspec
from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from webapp.admission import Admission
from webapp.blocking import whole_answer
from webapp.clients import client_key
from webapp.errors import ChatError, InternalError, NotReadyError, RefusedError
from webapp.events import Event, Start
from webapp.formats import STREAMED, CutError, Format
from webapp.lifecycle import OpenAnswer, OpenAnswers
from webapp.messages import ChatRequest, parse_chat_request
from webapp.readiness import Readiness
from webapp.relay import Limits, Request, relay
from webapp.settings import Settings
from webapp.telemetry import RequestRecord
from webapp.upstream import ChatModel

log = logging.getLogger(__name__)
routes = Blueprint("chat", __name__)

JSON = "application/json"
STREAM_HEADERS = {
    # no-transform keeps compressing intermediaries from holding tokens back (RFC 9111, 5.2.2.6).
    "Cache-Control": "no-cache, no-transform",
    # nginx buffers answers unless told otherwise.
    "X-Accel-Buffering": "no",
}
SHUTTING_DOWN = "This process is shutting down; another one answers."
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True)
class Chat:
    """What the routes work with; `create_app` makes one."""

    settings: Settings
    model: ChatModel
    limits: Limits
    readiness: Readiness
    answers: OpenAnswers
    admission: Admission


@routes.get("/")
def page() -> str:
    """The chat page."""
    chat = _chat()
    return render_template(
        "chat.html",
        model=chat.settings.model,
        models=[name for name in chat.settings.model_patterns if "*" not in name],
        asks_for_token=bool(chat.settings.access_token.get_secret_value()),
        configured=chat.model.problem is None,
        problem=chat.model.problem,
    )


@routes.post("/chat")
def chat() -> Response:
    """Answer a conversation, in the format that the caller accepts."""
    if _chat().answers.draining:
        raise NotReadyError("shutting_down", SHUTTING_DOWN, retry_after_seconds=1)
    client = client_key(request.remote_addr)
    _chat().admission.count_request(client)
    media_type = _media_type()
    asked = _asked()
    streamed = asked.stream and media_type != JSON
    with ExitStack() as undo:
        meter = _chat().admission.admit(asked, client, undo)
        answer = undo.enter_context(_chat().answers.open(request.environ))
        events = _events(asked, streamed, answer, undo)
        if meter:
            events = meter.measured(events)
        if not streamed:
            response = _json(whole_answer(events))
            body = _sent_whole(response.get_data(), answer, undo.pop_all())
            response.response = body
        else:
            chosen = STREAMED[media_type]
            body = _sent(events, chosen, answer, undo.pop_all())
            # direct_passthrough: each layer around the bytes of the body would cost every token.
            response = Response(body, headers=STREAM_HEADERS, direct_passthrough=True)
            response.content_type = chosen.content_type
    # A generator that was never begun does not clean up when it is closed. What it yields first is empty.
    next(body)
    return response


@routes.get("/healthz")
def healthz() -> Response:
    """Whether the process answers."""
    return _json({"status": "ok"})


@routes.get("/readyz")
def readyz() -> Response:
    """Whether a chat can be answered, and if not what is missing."""
    if _chat().answers.draining:
        return _json({"status": "not_ready", "problems": [SHUTTING_DOWN]}, status=503)
    missing = _chat().readiness.problems()
    if missing:
        return _json({"status": "not_ready", "problems": missing}, status=503)
    return _json({"status": "ready"})


def register(app: Flask, chat: Chat) -> None:
    """Put the routes, the headers that every response carries and the error handlers on the app."""
    app.extensions["chat"] = chat
    app.register_blueprint(routes)
    app.before_request(_note_request)
    app.after_request(_with_common_headers)
    app.teardown_request(_end_response)
    app.register_error_handler(ChatError, _error_json)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _internal_error)


def _chat() -> Chat:
    chat: Chat = current_app.extensions["chat"]
    return chat


def _media_type() -> str:
    chosen = (
        request.accept_mimetypes.best_match([*STREAMED, JSON])
        if request.accept_mimetypes
        else next(iter(STREAMED))
    )
    if chosen is None:
        raise RefusedError(
            "not_acceptable", f"expected one of {', '.join([*STREAMED, JSON])}", param="Accept", status=406
        )
    return chosen


def _asked() -> ChatRequest:
    if request.mimetype != JSON:
        raise RefusedError(
            "unsupported_media_type",
            f"expected {JSON}, got {request.mimetype or 'none'!r}",
            param="Content-Type",
            status=415,
        )
    return parse_chat_request(request.get_data(cache=False), _chat().settings)


def _events(asked: ChatRequest, streamed: bool, open_answer: OpenAnswer, undo: ExitStack) -> Iterator[Event]:
    """Begin to ask the model; what must be undone when the answer ends, however it ends, goes to `undo`."""
    chat = _chat()
    record: RequestRecord = g.record
    seen = undo.enter_context(
        record.answering(asked, chat.settings.model_group(asked.model), streamed=streamed)
    )
    answer = chat.model.ask(asked)
    undo.callback(answer.close)
    start = Start(id=f"chat_{uuid.uuid4().hex}", model=asked.model)
    asker = Request(g.request_id, record.arrived_at, answer.trimmer)
    return seen.watch(relay(start, asker, answer, open_answer, chat.limits, time.monotonic), answer)


def _sent(events: Iterator[Event], chosen: Format, answer: OpenAnswer, undo: ExitStack) -> Iterator[bytes]:
    """Yield the body: first nothing, then the bytes of each event. Its end, however it comes, runs `undo`."""
    with undo:
        yield b""
        answer.begun = True
        try:
            for event in events:
                answer.writes += 1
                answer.sending = True
                yield chosen.encode(event)
                answer.sending = False
        except CutError:
            # What gunicorn takes for a client that left: it closes, without the final chunk or a word.
            raise OSError(EPIPE, "the answer broke off") from None


def _sent_whole(data: bytes, answer: OpenAnswer, undo: ExitStack) -> Iterator[bytes]:
    with undo:
        yield b""
        answer.begun = answer.sending = True
        yield data


def _note_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _SANE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.record = RequestRecord(g.request_id, request.method, request.path, request.endpoint)


def _end_response(_error: BaseException | None) -> None:
    g.record.end_part()


def _with_common_headers(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    g.record.status = response.status_code
    return response


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value) + b"\n", status=status, content_type=JSON)


def _error_json(error: ChatError) -> Response:
    g.record.error_code = error.code
    told = {"code": error.code, "message": error.message, "param": error.param, "request_id": g.request_id}
    response = _json({"error": told}, error.status)
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(math.ceil(error.retry_after_seconds))
    return response


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    response = _error_json(_as_chat_error(error, error.code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _as_chat_error(error: HTTPException, status: int) -> ChatError:
    if isinstance(error, RequestEntityTooLarge):
        limit = _chat().settings.max_body_bytes
        got = request.content_length
        return RefusedError(
            "body_too_large", f"The body: at most {limit} bytes, got {got or 'more'}.", status=status
        )
    if isinstance(error, NotFound):
        return RefusedError("not_found", f"There is nothing at {request.path[:100]}.", status=status)
    if isinstance(error, MethodNotAllowed):
        return RefusedError(
            "method_not_allowed", f"{request.method[:20]} is not possible here.", status=status
        )
    return RefusedError("bad_request", f"{error.name}.", status=status)


def _internal_error(error: Exception) -> Response:
    log.error("Request %s failed", g.request_id, exc_info=error)
    return _error_json(InternalError())
