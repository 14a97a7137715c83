"""The routes and their headers."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from secrets import token_hex
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from werkzeug.datastructures import Headers, MIMEAccept
from werkzeug.http import parse_accept_header

from webapp.chat import ChatRequest, Event, RefusedError, Start, parse_chat_request
from webapp.configuration import Deadlines, Settings
from webapp.http.answer_bodies import streamed_body, whole_body
from webapp.http.formats import STREAMED
from webapp.http.framing import shows_a_cut
from webapp.http.json_responses import JSON, json_response, register_error_handlers
from webapp.http.request_body import request_body
from webapp.limits import Admission, Meter, client_key
from webapp.observing import RequestRecord
from webapp.page import language_for, page_values
from webapp.relay import Limits, Relay, Request, whole_answer
from webapp.serving import SHUTTING_DOWN, OpenAnswer, OpenAnswers
from webapp.upstream import ChatModel, Readiness

routes = Blueprint("chat", __name__)

STREAM_HEADERS = {
    # no-transform keeps compressing intermediaries from holding tokens back (RFC 9111, 5.2.2.6).
    "Cache-Control": "no-cache, no-transform",
    # nginx buffers answers unless told otherwise.
    "X-Accel-Buffering": "no",
}
OFFERED = (*STREAMED, JSON)
OFFERED_UNFRAMED = tuple(media_type for media_type in OFFERED if media_type != "text/plain")
"""Without the format that can say only by its end that it is not whole."""
KNOWN_ACCEPT_CHARS = 500
"""The longest Accept that is remembered: gunicorn lets one of 800 KB through."""
METHODS = {"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"}
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True)
class Chat:
    """What the routes work with; `create_app` makes one."""

    settings: Settings
    model: ChatModel
    limits: Limits
    deadlines: Deadlines
    readiness: Readiness
    answers: OpenAnswers
    admission: Admission


class StreamedResponse(Response):
    """Whose headers are sent as they are: none is a location, or a length that could be known."""

    def get_wsgi_headers(self, environ: Mapping[str, Any]) -> Headers:  # noqa: ARG002  # as it is asked
        """As Werkzeug has it, which copies them, and looks through them for those two."""
        return self.headers


@routes.get("/")
def page() -> Response:
    """The chat page."""
    return _page("chat.html", "chat.js")


@routes.get("/race")
def race() -> Response:
    """The page on which blocking and streaming answer the same prompt side by side."""
    return _page("race.html", "race.js")


@routes.post("/chat")
def chat() -> Response:
    """Answer a conversation, in the format that the caller accepts."""
    chat, environ = _chat(), request.environ
    chat.answers.refuse_if_draining()
    client = client_key(environ.get("REMOTE_ADDR"))
    media_type = _media_type(environ)
    asked = _asked(chat, environ)
    streamed = asked.stream and media_type != JSON
    with ExitStack() as ending:
        meter = ending.enter_context(chat.admission.admit(asked, client))
        answer = ending.enter_context(chat.answers.open(environ))
        events = ending.enter_context(_events(chat, asked, streamed, answer, meter))
        if not streamed:
            response = json_response(whole_answer(events))
            response.response = g.body = whole_body(response.get_data(), answer, ending.pop_all())
            return response
        chosen = STREAMED[media_type]
        g.body = streamed_body(events, chosen, answer, ending.pop_all())
        # direct_passthrough: each layer around the bytes of the body would cost every token.
        return StreamedResponse(
            g.body,
            headers=STREAM_HEADERS,
            content_type=chosen.content_type,
            direct_passthrough=True,
        )


@routes.get("/healthz")
def healthz() -> Response:
    """Whether the process answers."""
    return json_response({"status": "ok"})


@routes.get("/readyz")
def readyz() -> Response:
    """Whether a chat can be answered, and if not what is missing."""
    if _chat().answers.draining:
        return json_response({"status": "not_ready", "problems": [SHUTTING_DOWN]}, status=503)
    missing = _chat().readiness.problems()
    if missing:
        return json_response({"status": "not_ready", "problems": missing}, status=503)
    return json_response({"status": "ready"})


def register(app: Flask, chat: Chat) -> None:
    """Put the routes, the headers that every response carries and the error handlers on the app."""
    app.extensions["chat"] = chat
    app.register_blueprint(routes)
    app.before_request(_note_request)
    app.after_request(_with_common_headers)
    app.teardown_request(_end_response)
    register_error_handlers(app)


def _chat() -> Chat:
    chat: Chat = current_app.extensions["chat"]
    return chat


def _page(template: str, entry: str) -> Response:
    chat = _chat()
    language = language_for(request.accept_languages.values())
    theme = request.cookies.get("theme", "")
    values = page_values(chat.settings, chat.model.problem, entry=entry, language=language, theme=theme)
    response = Response(render_template(template, **values), mimetype="text/html")
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _media_type(environ: Mapping[str, str]) -> str:
    accept = environ.get("HTTP_ACCEPT", "")
    offered = OFFERED if shows_a_cut(environ) else OFFERED_UNFRAMED
    best_of = _known_best_of if len(accept) <= KNOWN_ACCEPT_CHARS else _best_of
    chosen = best_of(accept, offered)
    if chosen is None:
        reason = f"expected one of {', '.join(offered)}"
        if offered is OFFERED_UNFRAMED and best_of(accept, OFFERED):
            reason += "; this server has no way to show that a plain text broke off"
        raise RefusedError("not_acceptable", reason, param="Accept", status=406)
    return chosen


def _best_of(accept: str, offered: tuple[str, ...]) -> str | None:
    """Return the media type to answer with."""
    accepted = parse_accept_header(accept, MIMEAccept)
    return accepted.best_match(offered) if accepted else offered[0]


# Clients are many; what they accept is the same few lines.
_known_best_of = lru_cache(maxsize=100)(_best_of)


def _asked(chat: Chat, environ: Mapping[str, str]) -> ChatRequest:
    if environ.get("CONTENT_TYPE") != JSON and request.mimetype != JSON:
        raise RefusedError(
            "unsupported_media_type",
            f"expected {JSON}, got {request.mimetype or 'none'!r}",
            param="Content-Type",
            status=415,
        )
    try:
        body = request_body(chat.settings.max_body_bytes)
    except RefusedError:
        # It may have been cut for this.
        chat.answers.refuse_if_draining()
        raise
    return parse_chat_request(body, chat.settings)


@contextmanager
def _events(
    chat: Chat, asked: ChatRequest, streamed: bool, open_answer: OpenAnswer, meter: Meter | None
) -> Iterator[Iterator[Event]]:
    """Ask the model, until the answer ends, however it does."""
    record: RequestRecord = g.record
    group = chat.settings.model_group(asked.model)
    with (
        record.answering(asked, group, streamed=streamed) as seen,
        closing(chat.model.ask(asked, record.request_id)) as answer,
    ):
        seen.source = answer
        open_answer.close_upstream = answer.close
        start = Start(f"chat_{token_hex(16)}", asked.model, asked.dropped_messages)
        asker = Request(record.request_id, record.arrived_at, answer.trimmer)
        limits = _until_the_host_cuts(chat, record)
        events = Relay(asker, answer, open_answer, limits, time.monotonic, seen.progress).events(start)
        if meter is not None:
            meter.seen = seen.progress
            events = meter.measured(events)
        yield events


def _until_the_host_cuts(chat: Chat, record: RequestRecord) -> Limits:
    elapsed = time.monotonic() - record.arrived_at
    deadline = chat.deadlines.seconds(request.headers.get, elapsed)
    return chat.limits if deadline == math.inf else replace(chat.limits, deadline_seconds=deadline)


def _note_request() -> None:
    """Begin the record; nothing in it is anything that a caller could write there."""
    environ, rule = request.environ, request.url_rule
    given = environ.get("HTTP_X_REQUEST_ID", "")
    request_id = given if _SANE_REQUEST_ID.fullmatch(given) else token_hex(16)
    method = environ["REQUEST_METHOD"].upper()
    if method not in METHODS:
        method = "other"
    path, endpoint = (rule.rule, rule.endpoint) if rule else ("none", None)
    g.record = RequestRecord(request_id, method, path, endpoint)


def _end_response(error: BaseException | None) -> None:
    # Of a response that somebody's `after_request` failed on, nobody sends or closes the body.
    if error is not None and "body" in g:
        g.body.close()
    g.record.part_ended()


def _with_common_headers(response: Response) -> Response:
    record: RequestRecord = g.record
    response.headers.add("X-Request-ID", record.request_id)
    record.status = response.status_code
    return response
