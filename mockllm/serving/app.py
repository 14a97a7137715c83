"""The routes: a Flask application that turns each request into a reply and hands it to the sender."""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from mockllm.api import (
    DEPLOYMENT,
    ENDPOINTS,
    KNOBS,
    Endpoint,
    PathForms,
    Stamp,
    answer_errors,
    check_strictly,
    identify,
    json_response,
    model_body,
    models_body,
    request_id,
    speaks_anthropic,
    tier_of,
    traits_of,
    with_model,
)
from mockllm.faults import Attempt, apply, settle
from mockllm.journal import (
    Documents,
    Journal,
    Library,
    Note,
    Recollection,
    Store,
    add_chat_routes,
    add_conversation_routes,
    add_journal_routes,
    add_replay_routes,
    add_response_routes,
    keep_journal,
)
from mockllm.rules import Knobs, Question, RuleBook
from mockllm.serving.browsers import let_browsers_ask
from mockllm.serving.health import add_health_routes
from mockllm.serving.knob_layers import are_knobs, check_model, is_scripted, listed_models, turn_knobs
from mockllm.serving.quota import Quota
from mockllm.serving.rule_routes import add_rule_routes
from mockllm.serving.settings import Settings
from mockllm.timing import Batch, LatenessBoard, Sender, with_rhythm
from mockllm.values import ApiError, Reply, digest

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def create_app(settings: Settings | None = None, state_path: str | None = None) -> Flask:
    """Build the mock as a WSGI application; without settings it takes the defaults.

    Journal and quotas are kept in a file at `state_path`, if several processes share them.
    """
    settings = settings or Settings()
    app = Flask("mockllm", static_folder=None)
    store = Store(state_path)
    journal = Journal(store, settings.journal)
    quota = Quota(store, settings.rpm, settings.tpm)
    board = LatenessBoard(2 * settings.workers)
    app.extensions["mockllm"] = sender = Sender(
        board, Batch(settings.batch, settings.slowdown) if settings.batch else None
    )
    book = RuleBook(store, settings.rules)
    documents = Documents(store)
    memory = Recollection(documents)

    def begin() -> Note:
        note: Note = g.note
        note.body = with_model(request.get_data(), request.environ.get(DEPLOYMENT))
        note.started = time.monotonic()
        _check_key(settings)
        return note

    def answer(endpoint: Endpoint) -> Response:
        note = begin()
        if settings.strict:
            check_strictly(request.path, note.body)
        asked = endpoint.recall(endpoint.parse(note.body), note.body, memory)
        note.model = asked.model
        check_model(asked.model, settings)
        identity = identify(note.body, settings.seed, getattr(asked, "salt", b""))
        headers = {name.lower(): value for name, value in request.headers}
        question = Question(asked.model, endpoint.turns(asked), headers, *traits_of(note.body))
        rules = book.rules_for(question)
        if settings.strict and endpoint.answers and not rules and not is_scripted(asked.mock):
            raise ApiError(400, f"strict: {book.unanswered(question)}", code="no_rule")
        turned = turn_knobs(
            asked.model,
            asked.mock,
            getattr(asked, "seed", None),
            settings,
            rules,
            request.environ.get(KNOBS, ""),
        )
        knobs = settled(turned, identity, question.turn, settings)
        note.fault = knobs.fault
        stamp = Stamp(identity, asked.model, tier_of(getattr(asked, "service_tier", None)))
        planned = endpoint.reply(asked, knobs, stamp)
        left = quota.take(_key(), planned.cost, note.started)
        if planned.kept:
            memory.keep(replace(planned.kept, body=note.body, started=note.started))
        return _response(struck(planned, knobs), note, sender, left)

    def recall() -> Recollection:
        begin()
        return memory

    if settings.cassette:
        library = Library(Path(settings.cassette)).load()
        add_replay_routes(app, library, settings.speed, begin, partial(_response, sender=sender))
    else:
        _add_api_routes(app, answer, settings)
        _add_state_routes(app, recall, lambda reply: _response(reply, g.note, sender))
    add_rule_routes(app, book.given)
    add_journal_routes(app, journal, (journal.clear, quota.clear, book.given.clear, documents.clear))
    add_health_routes(app, board, settings.lateness_limit / 1000, book.health)
    _guard_controls(app, settings)
    let_browsers_ask(app)
    keep_journal(app, journal)
    answer_errors(app)
    app.wsgi_app = PathForms(app.wsgi_app, are_knobs)  # type: ignore[method-assign] # as Flask's manual says
    return app


def _add_api_routes(app: Flask, answer: Callable[[Endpoint], Response], settings: Settings) -> None:
    for path, endpoint in ENDPOINTS.items():
        app.post(path, endpoint=path)(partial(answer, endpoint))

    @app.get("/v1/models")
    def models() -> Response:
        _check_key(settings)
        names = listed_models(settings)
        return json_response(models_body(names, anthropic=speaks_anthropic()))

    @app.get("/v1/models/<path:name>")
    def model(name: str) -> Response:
        _check_key(settings)
        check_model(name, settings)
        turn_knobs(name, None, None, settings)
        return json_response(model_body(name, anthropic=speaks_anthropic()))


def _add_state_routes(
    app: Flask, recall: Callable[[], Recollection], send: Callable[[Reply], Response]
) -> None:
    add_response_routes(app, recall, send)
    add_conversation_routes(app, recall)
    add_chat_routes(app, recall)


def struck(planned: Reply, knobs: Knobs) -> Reply:
    """Let the fault strike, if there is one. Raises ApiError, in the dialect that is spoken."""
    try:
        return apply(knobs.fault, planned)
    except ApiError as error:
        error.dialect = knobs.dialect
        raise


def settled(knobs: Knobs, identity: bytes, user_turns: int, settings: Settings) -> Knobs:
    """Decide what this attempt draws: the fault that strikes it, asked for or scheduled, and its rhythm."""
    sent = request.headers.get("X-Stainless-Retry-Count", "")
    attempt = Attempt(identity, user_turns, int(sent[:6]) if sent.isascii() and sent.isdigit() else 0)
    fault = settle(knobs.fault, settings.schedule, attempt, settings.seed)
    return replace(knobs, fault=fault, pace=with_rhythm(knobs.pace, digest(identity, "rhythm")))


def _response(reply: Reply, note: Note, sender: Sender, left: Iterable[tuple[str, str]] = ()) -> Response:
    note.answer, note.is_sending = reply.answer, True
    body: Iterable[bytes] = sender.body(reply, request.environ, note.started, note.end)
    response = Response(body, reply.status, list(reply.headers))
    for name, value in left:
        response.headers[name] = value
    # Unlike the answer, which follows from the request, this names one attempt: a journal is joined by it.
    response.headers.update(request_id())
    if reply.length is not None:
        response.headers["Content-Length"] = str(reply.length)
    return response


def _key() -> str:
    return digest(key_of(request.headers)).hex()


def key_of(headers: Headers) -> str:
    """Return the key that a client sends: as OpenAI's, Anthropic's or Azure's does."""
    bearer = headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer or headers.get("X-Api-Key") or headers.get("Api-Key") or ""


def _guard_controls(app: Flask, settings: Settings) -> None:
    """Ask for the key under `/mock` too, where others than this machine's programs can come."""

    @app.before_request
    def _guard() -> None:
        if request.path.startswith("/mock/") and settings.host not in _LOOPBACK:
            _check_key(settings)


def _check_key(settings: Settings) -> None:
    if not settings.api_key:
        return
    given = key_of(request.headers)
    if not secrets.compare_digest(given.encode(), settings.api_key.encode()):
        challenge = (("WWW-Authenticate", 'Bearer realm="OpenAI API"'),)
        raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key", headers=challenge)
