"""The mock as a WSGI application: its parts put together, and who answers which path."""

import logging
from functools import partial
from pathlib import Path

from flask import Flask, Response, g, request
from werkzeug.exceptions import MethodNotAllowed

from mockllm.api import DEPLOYMENT, ENDPOINTS, GEMINI, KNOBS_IN_PATH, Endpoint, PathForms, answer_errors
from mockllm.journal import (
    Counts,
    Documents,
    Journal,
    Library,
    Store,
    Upstream,
    add_chat_routes,
    add_conversation_routes,
    add_journal_routes,
    add_replay_routes,
    add_response_routes,
    keep_journal,
    recording,
)
from mockllm.rules import RuleBook
from mockllm.serving.access import guard_controls
from mockllm.serving.answerer import Answerer
from mockllm.serving.knob_layers import are_knobs, asked_dialect
from mockllm.serving.quota import Quota
from mockllm.serving.routes import (
    add_health_routes,
    add_model_routes,
    add_rule_routes,
    let_browsers_ask,
)
from mockllm.serving.settings import Settings
from mockllm.timing import Batch, LatenessBoard, Sender
from mockllm.values import ApiError

_log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None, state_path: str | None = None) -> Flask:
    """Build the mock as a WSGI application; without settings it takes the defaults.

    Journal and quotas are kept in a file at `state_path`, if several processes share them.
    """
    settings = settings or Settings()
    app = Flask("mockllm", static_folder=None)
    store = Store(state_path)
    board = LatenessBoard(2 * settings.workers)
    batch = Batch(settings.batch, settings.slowdown) if settings.batch else None
    app.extensions["mockllm"] = sender = Sender(board, batch)
    book = RuleBook(store, settings.rules)
    answerer = Answerer(settings, sender, Quota(store, settings.rpm, settings.tpm), book, Documents(store))
    _add_answers(app, answerer)
    journal, counts = Journal(store, settings.journal), Counts(store)
    _add_controls(app, answerer, journal)
    keep_journal(app, journal, counts)
    add_health_routes(app, board, settings.lateness_limit / 1000, book.health, counts)
    let_browsers_ask(app)
    answer_errors(app)
    app.wsgi_app = PathForms(app.wsgi_app, are_knobs)  # type: ignore[method-assign] # as Flask's manual says
    return app


def _add_answers(app: Flask, answerer: Answerer) -> None:
    """Serve the APIs, or in their place what was recorded of them."""
    settings = answerer.settings
    if settings.cassette:
        library = Library(Path(settings.cassette)).load(may_be_empty=bool(settings.upstream))
        record = recording(Upstream(settings.upstream), library, _log.info) if settings.upstream else None
        add_replay_routes(app, library, settings.speed, answerer.begin, answerer.send, record)
        return
    for path, endpoint in ENDPOINTS.items():
        app.post(path, endpoint=path)(partial(_answered, answerer, endpoint))
    # Google's clients ask under the first, and newer ones under the second.
    for path in ("/v1beta/models/<path:name>", "/v1/models/<path:name>"):
        app.post(path, endpoint=path)(partial(_generated, answerer))
    add_model_routes(app, settings)
    add_response_routes(app, answerer.recall, lambda reply: answerer.send(reply, g.note))
    add_conversation_routes(app, answerer.recall)
    add_chat_routes(app, answerer.recall)


def _answered(answerer: Answerer, endpoint: Endpoint) -> Response:
    """Answer, or refuse in the words of the server whose dialect is asked for."""
    try:
        return answerer.answer(endpoint)
    except ApiError as error:
        in_path = request.environ.get(KNOBS_IN_PATH, "")
        error.dialect = error.dialect or asked_dialect(g.note.body, answerer.settings, in_path)
        raise


def _generated(answerer: Answerer, name: str) -> Response:
    """Answer Gemini's clients, whose paths name the model, and behind it what is wanted of it."""
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
    return answerer.answer(endpoint)


def _add_controls(app: Flask, answerer: Answerer, journal: Journal) -> None:
    """Serve `/mock`. What is counted for Prometheus only grows, and is not forgotten."""
    add_rule_routes(app, answerer.book.given)
    forget = (journal.clear, answerer.quota.clear, answerer.book.clear, answerer.documents.clear)
    add_journal_routes(app, journal, forget)
    guard_controls(app, answerer.settings)
