"""The routes that play cassettes: every path under /v1 is answered from them, or by a 404 that helps."""

from collections.abc import Callable

from flask import Flask, Response, request

from mockllm.api import request_id_headers, whole_number
from mockllm.journal.cassettes.cassette import request_of
from mockllm.journal.cassettes.library import Library
from mockllm.journal.cassettes.playing import reply_of
from mockllm.journal.cassettes.recorder import METHODS, Ask
from mockllm.journal.cassettes.secrets import clean_path
from mockllm.journal.recording import Note
from mockllm.values import ApiError, Reply

_MOST_TAKES = 1_000_000


def add_replay_routes(
    app: Flask,
    library: Library,
    speed: float,
    begin: Callable[[], Note],
    send: Callable[[Reply, Note], Response],
    record: Ask | None = None,
) -> None:
    """Answer from the library; `begin` reads a request, `send` puts a planned reply on its way.

    What is not there is asked of a real API and kept, if there is something to `record` with.
    """

    @app.route("/v1/<path:rest>", methods=METHODS)
    def replay(rest: str) -> Response:
        note = begin()
        path = clean_path(f"/v1/{rest}", request.query_string.decode("latin-1"))
        asked = request_of(request.method, path, note.body)
        note.model = str(asked.json.get("model", "")) if isinstance(asked.json, dict) else ""
        cassette = library.find(asked, _attempt())
        if cassette is None and record:
            response = _named(record(rest, note.body, note.end))
            note.is_sending = True
            return response
        if cassette is None:
            message = f"No cassette for this {request.method} {path}: {library.describe_nearest(asked)}."
            raise ApiError(404, message, code="no_cassette")
        return send(reply_of(cassette, speed), note)


def _named(response: Response) -> Response:
    """Give the answer an id to be found by in the journal: the API's own, if it names one."""
    given = response.headers.get("X-Request-ID") or response.headers.get("Request-ID")
    response.headers.update({"X-Request-ID": given} if given else request_id_headers())
    return response


def _attempt() -> int:
    """Say which take is meant: the one that is named, counted from 1, else that of the client's attempt."""
    if named := whole_number(request.headers.get("X-Mock-Take", ""), _MOST_TAKES):
        return named - 1
    return whole_number(request.headers.get("X-Stainless-Retry-Count", ""), _MOST_TAKES) or 0
