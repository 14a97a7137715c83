"""The recorder: a proxy in front of a real API that keeps a cassette of each exchange.

Each piece is sent on before it is kept, so the client sees the API's own pace.
"""

import time
from collections.abc import Callable, Iterator

from flask import Flask, Response, request

from mockllm.api import answer_errors, encode, json_response
from mockllm.journal.cassettes.cassette import (
    Cassette,
    RecordedRequest,
    RecordedResponse,
    chunk_of,
    request_of,
    rounded,
)
from mockllm.journal.cassettes.library import Library
from mockllm.journal.cassettes.secrets import (
    clean_path,
    kept_headers,
    pieces_without_secrets,
    secrets_in,
    without_secrets,
)
from mockllm.journal.cassettes.upstream import Answer, Upstream, UpstreamError
from mockllm.timing import Delivery
from mockllm.values import ApiError

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Tell = Callable[[str], None]
Ask = Callable[[str, bytes, Callable[[Delivery], None]], Response]
"""Answers the request that is being handled, whose path goes so on behind `/v1/`.

The second is the body to keep, which may name a model that the client's own has not; the third is called once
it is known what became of the answer.
"""

_WITHOUT_BODY = (204, 304)


def create_recorder(upstream: Upstream, library: Library, tell: Tell) -> Flask:
    """Build the proxy as a WSGI application: every path under /v1 goes to the API. It tells what it kept."""
    app = Flask("mockllm.recorder", static_folder=None)
    ask = recording(upstream, library, tell)

    @app.route("/v1/<path:rest>", methods=METHODS)
    def record(rest: str) -> Response:
        return ask(rest, request.get_data(), lambda _delivery: None)

    @app.get("/healthz")
    def healthz() -> Response:
        return json_response(encode({"status": "ok"}))

    answer_errors(app)
    return app


def recording(upstream: Upstream, library: Library, tell: Tell) -> Ask:
    """Return what passes a request on to the API, and keeps the answer."""

    def ask(rest: str, kept: bytes, on_end: Callable[[Delivery], None]) -> Response:
        body, started = request.get_data(), time.monotonic()
        query = request.query_string.decode("latin-1")
        headers = list(request.headers.items())
        try:
            target = f"/{rest}?{query}" if query else f"/{rest}"
            answer = upstream.ask(request.method, target, headers, body)
        except UpstreamError as error:
            raise ApiError(502, f"No answer from {error}", kind="server_error", code="no_answer") from error
        secrets = secrets_in(headers)
        asked = request_of(request.method, clean_path(f"/v1/{rest}", query), without_secrets(kept, secrets))
        tape = _Tape(answer, started, secrets)
        # Werkzeug asks for no pieces where there can be no body.
        is_bare = request.method == "HEAD" or answer.status in _WITHOUT_BODY
        pieces = list(tape.pieces()) if is_bare else tape.pieces()
        response = Response(pieces, answer.status, answer.headers)
        if answer.length is not None:
            response.headers["Content-Length"] = str(answer.length)
        response.call_on_close(lambda: on_end(tape.end()))
        response.call_on_close(lambda: tell(tape.keep(asked, library)))
        return response

    return ask


class _Tape:
    """The recording of one answer while it passes through."""

    def __init__(self, answer: Answer, started: float, secrets: list[bytes]) -> None:
        self._answer = answer
        self._started = started
        self._secrets = secrets
        self._delivery = Delivery(started)
        self._head_at = time.monotonic() - started
        self._pieces: list[tuple[float, bytes]] = []
        self._end_at = 0.0
        self._is_whole = False

    def pieces(self) -> Iterator[bytes]:
        """Yield the body. Raises ConnectionResetError where the API's own answer was cut short."""
        # Makes gunicorn send the head at once, as the API did.
        yield b""
        self._delivery.head_sent = True
        for piece in self._answer.pieces():
            came = time.monotonic()
            yield piece
            self._pieces.append((came - self._started, piece))
            self._delivery.due_times.append(came)
            self._delivery.token_times.append(time.monotonic())
        self._end_at = time.monotonic() - self._started
        self._is_whole = True
        if self._answer.ending != "complete":
            # gunicorn is silent about this error number and closes the connection.
            raise ConnectionResetError(104, "the API cut its answer short")

    def end(self) -> Delivery:
        """Say what became of the answer: a piece counts as a token, and is due when it comes."""
        if self._is_whole:
            self._delivery.outcome = "complete" if self._answer.ending == "complete" else "cut"
        else:
            self._delivery.outcome = "client_gone"
        return self._delivery

    def keep(self, asked: RecordedRequest, library: Library) -> str:
        """Write the cassette, unless the client left before the end was known; say what was done."""
        self._answer.close()
        if not self._is_whole:
            return f"not recorded, the client left: {asked.method} {asked.path}"
        return f"recorded {library.save(Cassette(asked, self._response()))}"

    def _response(self) -> RecordedResponse:
        """Return what came, without secrets."""
        times, pieces = zip(*self._pieces, strict=True) if self._pieces else ((), ())
        clean = pieces_without_secrets(pieces, self._secrets)
        return RecordedResponse(
            self._answer.status,
            kept_headers(self._answer.headers),
            rounded(self._head_at),
            [chunk_of(at, piece) for at, piece in zip(times, clean, strict=True)],
            rounded(self._end_at),
            self._answer.ending,
            self._answer.length,
        )
