"""What every server is asked through the app, and what must come of it."""

import http.client
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import httpx2

from loadtests.measuring import cpu_seconds
from loadtests.rig import signal_group
from tests.hosts.started import Started
from tests.upstreams.servers import Upstream

PROMPT = "Spell."
FEW = 12
MANY = 4000
TURN, TURNS = 600, 10
QUIET_SECONDS = 6.0
IDLE = 0.25
"""Of one core: what a server may compute while nobody asks."""


class App:
    """The app in front of a server."""

    def __init__(self, started: Started, upstream: Upstream) -> None:
        self.started = started
        self.upstream = upstream

    def ask(self, model: str, prompt: str = PROMPT, **fields: Any) -> list[dict[str, Any]]:
        """The objects of a streamed answer."""
        return list(self.objects(model, prompt, **fields))

    def objects(self, model: str, prompt: str = PROMPT, **fields: Any) -> Iterator[dict[str, Any]]:
        with closing(self.started.connection(timeout=90)) as connection:
            response = _post(connection, "application/x-ndjson", model, prompt, fields)
            if response.status != http.HTTPStatus.OK:
                yield {"type": "error", "status": response.status, **json.loads(response.read())}
            else:
                yield from (json.loads(line) for line in response if line.strip().startswith(b"{"))

    def ask_blocking(self, model: str, **fields: Any) -> dict[str, Any]:
        with closing(self.started.connection(timeout=90)) as connection:
            response = _post(connection, "application/json", model, PROMPT, {"stream": False, **fields})
            answer: dict[str, Any] = json.loads(response.read())
            return answer


def _post(
    connection: http.client.HTTPConnection,
    accept: str,
    model: str,
    prompt: str,
    fields: Mapping[str, Any],
) -> http.client.HTTPResponse:
    body = {"messages": [{"role": "user", "content": prompt}], "model": model, **fields}
    headers = {"Content-Type": "application/json", "Accept": accept}
    connection.request("POST", "/chat", json.dumps(body), headers)
    return connection.getresponse()


def text_of(objects: list[dict[str, Any]]) -> str:
    return "".join(item["text"] for item in objects if item["type"] == "delta")


def same_text(app: App) -> str:
    streamed, whole = app.ask(app.upstream.stops), app.ask_blocking(app.upstream.stops)
    if text_of(streamed) and text_of(streamed) == whole.get("text"):
        return "yes"
    return f"streamed {text_of(streamed)!r} {streamed[-1]}, blocking {whole}"


def usage(app: App) -> str:
    last = app.ask(app.upstream.stops)[-1]
    counted = last.get("usage") or {}
    good = counted.get("completion_tokens", 0) > FEW and counted.get("prompt_tokens", 0) > 0
    return "yes" if good else f"{last}"


def stop(app: App) -> str:
    return _ends(app.ask(app.upstream.stops), "stop")


def length(app: App) -> str:
    return _ends(app.ask(app.upstream.stops, max_tokens=FEW), "length")


def _ends(objects: list[dict[str, Any]], reason: str) -> str:
    return "yes" if objects[-1].get("finish_reason") == reason and text_of(objects) else f"{objects[-1]}"


def leaving(app: App) -> str:
    """A client that leaves: a model of its own stops computing, a mock behind a gateway is left as well."""
    answer = app.objects(app.upstream.endless, max_tokens=MANY)
    for _ in range(FEW):
        next(answer)
    answer.close()  # type: ignore[attr-defined]
    until = time.monotonic() + QUIET_SECONDS
    stopped = _mock_is_left if app.upstream.mock else _is_idle
    while time.monotonic() < until:
        if stopped(app.upstream):
            return "yes"
    return f"the model was at work {QUIET_SECONDS:.0f} s later"


def _is_idle(upstream: Upstream) -> bool:
    before, began = cpu_seconds(upstream.program.pid), time.monotonic()
    time.sleep(1)
    return (cpu_seconds(upstream.program.pid) - before) / (time.monotonic() - began) < IDLE


def _mock_is_left(upstream: Upstream) -> bool:
    time.sleep(0.2)
    assert upstream.mock is not None
    entries = httpx2.get(f"{upstream.mock.url}/mock/requests", timeout=5).json()["requests"]
    outcomes = [entry["outcome"] for entry in entries if entry["model"] == upstream.endless]
    return outcomes == ["client_gone"]


def goes_on(app: App) -> str:
    """An answer that was cut goes on where it stopped, without a letter twice or lost."""
    whole = text_of(app.ask(app.upstream.stops))
    begun = text_of(app.ask(app.upstream.stops, max_tokens=FEW))
    messages = [{"role": "user", "content": PROMPT}, {"role": "assistant", "content": begun}]
    rest = app.ask(app.upstream.stops, messages=messages)
    joined = begun + text_of(rest)
    return (
        "yes" if joined == whole and len(whole) > len(begun) > 0 else f"{joined!r} for {whole!r}: {rest[-1]}"
    )


def wrong_model(app: App) -> str:
    return _fails(app.ask(app.upstream.unknown), "upstream_model_unknown")


def too_long(app: App) -> str:
    model = app.upstream.too_long or app.upstream.stops
    prompt = PROMPT if app.upstream.too_long else "spell" * 4000
    return _fails(app.ask(model, prompt), "context_length_exceeded")


def long_talk(app: App) -> str:
    """A talk that no longer fits: its oldest turns go, and the answer says how many."""
    turn = [{"role": "user", "content": "x" * TURN}, {"role": "assistant", "content": "y" * TURN}]
    talk = [*turn * TURNS, {"role": "user", "content": PROMPT}]
    objects = app.ask(app.upstream.stops, messages=talk)
    dropped = objects[-1].get("dropped_messages", 0)
    return "yes" if text_of(objects) and 0 < dropped < len(talk) else f"{objects[-1]}"


def killed(app: App) -> str:
    """The server is killed in the middle: one error, no `done`."""
    threading.Timer(1.0, signal_group, (app.upstream.program, signal.SIGKILL)).start()
    objects = app.ask(app.upstream.endless, max_tokens=MANY)
    terminal = [item for item in objects if item["type"] in ("done", "error")]
    if not text_of(objects) or len(terminal) != 1:
        return f"{len(text_of(objects))} letters, {terminal}"
    return _fails(objects, "upstream_broken_off")


def _fails(objects: list[dict[str, Any]], code: str) -> str:
    last = objects[-1]
    said = last.get("error", last) if isinstance(last.get("error", last), dict) else last
    return "yes" if said.get("code") == code else f"{last}"


CHECKS: dict[str, Callable[[App], str]] = {
    "same text": same_text,
    "usage": usage,
    "`stop`": stop,
    "`length`": length,
    "leaving": leaving,
    "continue": goes_on,
    "wrong model": wrong_model,
    "too long": too_long,
    "long talk": long_talk,
    "killed": killed,
}
"""In this order: after the last, there is no server."""
