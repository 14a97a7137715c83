"""The real page in front of a server that does what a script says: what no honest app can be made to do on demand."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template, request, send_from_directory
from flask.testing import FlaskClient

from loadtests.rig.scripted import CHUNKED, LAST_CHUNK, ScriptedUpstream, Talk, chunk, event
from webapp.configuration import Settings
from webapp.http.security import PAGE_POLICY
from webapp.page import language_for, page_values

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"
TESTS_OF_SCRIPTS = Path(__file__).resolve().parents[1] / "js"


@dataclass
class Exchange:
    """One `POST /chat`: what was asked, and the means to answer it well or badly."""

    asked: dict[str, Any]
    talk: Talk

    def refuse(self, status: int, retry_after: str | None = None, **error: object) -> None:
        """Answer with a status and the app's error object."""
        headers = {"Retry-After": retry_after} if retry_after else {}
        self.respond(status, "application/json", json.dumps({"error": error}).encode(), **headers)

    def respond(self, status: int, content_type: str, body: bytes, **headers: str) -> None:
        """Answer at once with a body of known length."""
        sent = {
            "Content-Type": content_type,
            "Content-Length": len(body),
            "Content-Security-Policy": PAGE_POLICY,
            # On a connection that is used again, Chromium repeats a POST by itself when it is closed unanswered.
            "Connection": "close",
            **headers,
        }
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in sent.items()),
        ]
        self.talk.send(("\r\n".join(lines) + "\r\n\r\n").encode() + body)

    def begin(self, content_type: str = "text/event-stream") -> None:
        """Send the headers of a stream."""
        self.talk.send(CHUNKED.replace(b"text/event-stream", content_type.encode()))

    def send(self, *objects: dict[str, Any]) -> None:
        """Send objects as the app does: one event and one HTTP chunk each."""
        for each in objects:
            self.send_bytes(event(each))

    def send_bytes(self, body: bytes) -> None:
        """Send one HTTP chunk with exactly these bytes."""
        self.talk.send(chunk(body))

    def end(self) -> None:
        """End the body as HTTP wants it. A script that returns without it has cut its stream."""
        self.talk.send(LAST_CHUNK)

    def wait_until_client_left(self) -> None:
        """Return when the client has closed its connection; fail after ten seconds."""
        if not self.talk.gone(within=10):
            raise AssertionError("expected the client to leave")


Script = Callable[[Exchange], None]


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


@contextmanager
def held(first: str, rest: str) -> Iterator[tuple[Script, threading.Event]]:
    """A script that answers with a first text, and with the rest when it is told to, at the latest at the end of the block."""
    told = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send({"type": "start", "id": "chat_1", "model": "scripted"}, delta(first))
        told.wait(30)
        # The reader may have left meanwhile.
        with suppress(OSError):
            exchange.send(delta(rest), done())
            exchange.end()

    try:
        yield answer, told
    finally:
        told.set()


@dataclass
class ScriptedServer:
    """Serves the page and its files as they are; each `POST /chat` runs the next script."""

    scripts: list[Script] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    settings: dict[str, Any] = field(default_factory=lambda: {"model": "scripted"})
    problem: str | None = None

    def forget(self) -> None:
        """Be as at the start, for the next test at the same address."""
        self.scripts.clear()
        self.asked.clear()
        self.settings, self.problem = {"model": "scripted"}, None

    def answer_with(self, *scripts: Script) -> None:
        """What the next questions get, in this order."""
        self.scripts.extend(scripts)


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A scripted server on a free port of 127.0.0.1."""
    scripted = ScriptedServer()
    page = _page(scripted).test_client(use_cookies=False)
    with ScriptedUpstream(lambda talk: _serve(talk, scripted, page)) as server:
        scripted.url = server.origin
        yield scripted


def _serve(talk: Talk, scripted: ScriptedServer, page: FlaskClient) -> None:
    if talk.request.startswith(b"GET "):
        with page.get(talk.path, headers=talk.headers) as response:
            # Modules are the same in every test; the page itself is not.
            kept = "no-store" if talk.path.count("/") == 1 else "max-age=3600"
            about = {"Cache-Control": kept}
            Exchange({}, talk).respond(response.status_code, response.content_type, response.data, **about)
    else:
        scripted.asked.append(talk.body)
        scripted.scripts.pop(0)(Exchange(talk.body, talk))
    talk.close()


def _page(scripted: ScriptedServer) -> Flask:
    """The pages without the app: their own templates and files."""
    page = Flask(__name__, template_folder=str(WEBAPP / "templates"), static_folder=str(WEBAPP / "static"))

    def rendered(template: str, entry: str) -> str:
        language = language_for(request.accept_languages.values())
        theme = request.cookies.get("theme", "")
        settings = Settings(**scripted.settings)
        values = page_values(settings, scripted.problem, entry=entry, language=language, theme=theme)
        return render_template(template, **values)

    def tests(name: str) -> Response:
        folder = TESTS_OF_SCRIPTS if not name.startswith("static/") else WEBAPP
        return send_from_directory(folder, name)

    # What a script that runs in the page imports, and the page's modules once more, at another address.
    page.add_url_rule("/tests/js/<path:name>", "tests", tests)
    page.add_url_rule("/", "chat.page", lambda: rendered("chat.html", "chat.js"))
    page.add_url_rule("/race", "chat.race", lambda: rendered("race.html", "race.js"))
    return page
