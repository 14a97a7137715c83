"""The real page in front of a server that does what a script says: what no honest app can be made to do on demand."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask, render_template, request
from flask.testing import FlaskClient

from webapp.configuration import Settings
from webapp.http.security import PAGE_POLICY
from webapp.page import language_for, page_values

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"


@dataclass
class Exchange:
    """One `POST /chat`: what was asked, and the means to answer it well or badly."""

    asked: dict[str, Any]
    handler: BaseHTTPRequestHandler

    def refuse(self, status: int, retry_after: str | None = None, **error: object) -> None:
        """Answer with a status and the app's error object."""
        headers = {"Retry-After": retry_after} if retry_after else {}
        self.respond(status, "application/json", json.dumps({"error": error}).encode(), **headers)

    def respond(self, status: int, content_type: str, body: bytes, **headers: str) -> None:
        """Answer at once with a body of known length."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", content_type)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.send_header("Content-Security-Policy", PAGE_POLICY)
        # On a connection that is used again, Chromium repeats a POST by itself when it is closed unanswered.
        self.handler.send_header("Connection", "close")
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def begin(self, content_type: str = "text/event-stream; charset=utf-8") -> None:
        """Send the headers of a stream."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", content_type)
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def send(self, *objects: dict[str, Any]) -> None:
        """Send objects as the app does: one event and one HTTP chunk each."""
        for each in objects:
            self.send_bytes(event(each))

    def send_bytes(self, body: bytes) -> None:
        """Send one HTTP chunk with exactly these bytes."""
        self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))

    def end(self) -> None:
        """End the body as HTTP wants it. A script that returns without it has cut its stream."""
        self.handler.wfile.write(b"0\r\n\r\n")

    def wait_until_client_left(self) -> None:
        """Return when the client has closed its connection; fail after ten seconds."""
        self.handler.connection.settimeout(10)
        if self.handler.connection.recv(1) != b"":
            raise AssertionError("expected the client to leave, got bytes")


Script = Callable[[Exchange], None]


def event(value: dict[str, Any]) -> bytes:
    """The bytes of one object, as the app frames it."""
    return b"data: %s\n\n" % json.dumps(value, ensure_ascii=False).encode()


def delta(text: str) -> dict[str, Any]:
    return {"type": "delta", "text": text}


def done(finish_reason: str = "stop", tokens: int | None = None, **more: object) -> dict[str, Any]:
    usage = None if tokens is None else {"completion_tokens": tokens}
    return {"type": "done", "finish_reason": finish_reason, "usage": usage, **more}


def whole(*texts: str) -> Script:
    """A script that answers with these deltas, all at once."""

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send({"type": "start", "id": "chat_1", "model": "scripted"})
        exchange.send(*map(delta, texts), done(tokens=len(texts)))
        exchange.end()

    return answer


@dataclass
class ScriptedServer:
    """Serves the page and its files as they are; each `POST /chat` runs the next script."""

    scripts: list[Script] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    settings: dict[str, Any] = field(default_factory=lambda: {"model": "scripted"})
    problem: str | None = None

    def answer_with(self, *scripts: Script) -> None:
        """What the next questions get, in this order."""
        self.scripts.extend(scripts)


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A scripted server on a free port of 127.0.0.1."""
    scripted = ScriptedServer()
    handler = type(
        "Handler", (_Handler,), {"scripted": scripted, "page": _page(scripted).test_client(use_cookies=False)}
    )
    with _Server(("127.0.0.1", 0), handler) as server:
        scripted.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield scripted
        finally:
            server.shutdown()
            thread.join()


def _page(scripted: ScriptedServer) -> Flask:
    """The pages without the app: their own templates and files."""
    page = Flask(__name__, template_folder=str(WEBAPP / "templates"), static_folder=str(WEBAPP / "static"))

    def rendered(template: str, entry: str) -> str:
        language = language_for(request.accept_languages.values())
        theme = request.cookies.get("theme", "")
        settings = Settings(**scripted.settings)
        values = page_values(settings, scripted.problem, entry=entry, language=language, theme=theme)
        return render_template(template, **values)

    page.add_url_rule("/", "chat.page", lambda: rendered("chat.html", "chat.js"))
    page.add_url_rule("/race", "chat.race", lambda: rendered("race.html", "race.js"))
    return page


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: the browser that closes its connections at the end of a test is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: ScriptedServer
    page: FlaskClient

    def do_GET(self) -> None:
        with self.page.get(self.path, headers=dict(self.headers)) as response:
            Exchange({}, self).respond(response.status_code, response.content_type, response.data)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.scripted.asked.append(asked)
        self.close_connection = True
        self.scripted.scripts.pop(0)(Exchange(asked, self))

    def log_message(self, *args: object) -> None:
        """Stay silent."""
