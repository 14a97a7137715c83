"""Nothing that a caller or an upstream wrote is in what the processes print: a marker everywhere, sought in all.

The streams of a real gunicorn, stdout and stderr, both at level debug. Where the log has names, as of models and
of an upstream's codes, the marker stands in prose, which is none.
"""

import gzip
import json
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from loadtests.rig import await_that
from loadtests.rig.scripted import (
    CHUNKED,
    EVENT,
    LAST_CHUNK,
    OK,
    ScriptedUpstream,
    Talk,
    answer,
    chunk,
)
from loadtests.stack import Stack
from tests.waiting import until

MARK = "canary4711"
PROSE = f"{MARK} is prose"
M, P = MARK.encode(), PROSE.encode()
PATIENCE_SECONDS = 60.0
FUZZ_REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "40"))
MOST_BYTES = 4000
"""Of one damaged request: what breaks a parser stands at its beginning."""

ROUTES = [
    "/",
    "/race",
    "/static/chat.css",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/chat",
    "/none",
]
METHODS = ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", MARK.upper()]
HEADERS = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Access-Control-Request-Method",
    "Authorization",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Expect",
    "Host",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Range",
    "Referer",
    "Sec-Fetch-Site",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Request-ID",
    "X-Requested-With",
    f"X-{MARK}",
]


def head(method: str = "POST", target: str = "/chat", *lines: str) -> bytes:
    given = {"Host": "localhost", "Content-Type": "application/json"}
    given.update(line.split(": ", 1) for line in lines)
    said = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {target} HTTP/1.1\r\n{said}\r\n".encode("latin-1")


def sized(body: bytes, *lines: str) -> bytes:
    return head("POST", "/chat", f"Content-Length: {len(body)}", *lines) + body


def in_chunks(body: bytes, *lines: str) -> bytes:
    return head("POST", "/chat", "Transfer-Encoding: chunked", *lines) + body


ASKED = json.dumps({"prompt": PROSE}).encode()
BODIES = {
    "chunks that are none": in_chunks(P),
    "a size that is none": in_chunks(chunk(ASKED[:9]) + P + b"\r\n"),
    "a chunk without its end": in_chunks(b"3\r\n" + P),
    "an endless size": in_chunks(b"f" * 40 + b"\r\n" + P),
    "a negative size": in_chunks(b"-5\r\n" + P),
    "an extension": in_chunks(b"5;" + P + b'="' + P + b"\r\n" + P),
    "a trailer": in_chunks(chunk(ASKED) + b"0\r\nX-" + M + b": " + P + b"\r\n\r\n"),
    "a trailer that is none": in_chunks(chunk(ASKED) + b"0\r\n" + P + b"\r\n\r\n"),
    "two framings": in_chunks(P, "Content-Length: 5"),
    "a length that is too long": head("POST", "/chat", "Content-Length: 5000") + ASKED,
    "a length that is too short": head("POST", "/chat", "Content-Length: 5") + ASKED,
    "a negative length": head("POST", "/chat", "Content-Length: -5") + ASKED,
    "no JSON": sized(P),
    "half of JSON": sized(ASKED[:-3]),
    "JSON and more": sized(ASKED + P),
    "depth": sized(b'{"prompt":' * 50_000 + b'"' + P),
    "depth of lists": sized(b"[" * 200_000 + P),
    "a field of its own": sized(b'{"prompt":"Hi","%b":1}' % M),
    "a role": sized(json.dumps({"messages": [{"role": PROSE, "content": PROSE}]}).encode()),
    "a model": sized(json.dumps({"prompt": "Hi", "model": PROSE}).encode()),
    "a temperature": sized(json.dumps({"prompt": "Hi", "temperature": PROSE}).encode()),
    "a number": sized(b'{"prompt":"' + P + b'","max_tokens":' + b"9" * 5000 + b"}"),
    "UTF-16": sized(ASKED.decode().encode("utf-16")),
    "no UTF-8": sized(b'{"prompt":"\xff\xfe ' + P + b'"}'),
    "half a surrogate": sized(b'{"prompt":"\\ud800 ' + P + b'"}'),
    "nulls": sized(b'{"prompt":"\\u0000 ' + P + b'\x00"}'),
    "a charset": sized(ASKED, f"Content-Type: application/json; charset={MARK}"),
    "gzip": sized(gzip.compress(ASKED), "Content-Encoding: gzip"),
    "another type": sized(ASKED, f"Content-Type: text/{MARK}"),
    "too much": sized(b'{"prompt":"' + P * 100_000 + b'"}'),
    "no HTTP": P + b"\r\n\r\n",
    "another version": b"GET /" + M + b" HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "no version": b"GET /" + P + b"\r\n\r\n",
    "a long line": b"GET /" + M * 2000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a header that is none": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + P + b"\r\n\r\n",
    "a name with a space": b"GET / HTTP/1.1\r\nHost: localhost\r\nX " + M + b": 1\r\n\r\n",
    "a value with a null": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00" + M + b"\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: 1\r\n " + P + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    + b"X: " * 1
    + M
    + b"\r\n" * 1
    + b"Y: 1\r\n" * 200
    + b"\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + M * 5000 + b"\r\n\r\n",
    "a proxy's line": b"PROXY TCP4 " + M + b" 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + P,
    "half of a head": b"GET /" + M + b" HTTP/1.1\r\nX-" + M,
    "a target of another host": b"GET http://" + M + b":99999/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a target that is an authority": b"CONNECT " + M + b":1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "escapes": b"GET /%ff%00" + M + b"%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def event(**fields: object) -> bytes:
    return b"data: " + json.dumps(fields).encode() + b"\n\n"


def choice(finish_reason: object = None, **delta: object) -> bytes:
    return event(choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}])


def streamed(*events: bytes) -> bytes:
    return CHUNKED + b"".join(chunk(EVENT) + chunk(each) for each in events) + LAST_CHUNK


def failed(status: bytes, headers: bytes = b"", **error: object) -> bytes:
    return answer(json.dumps({"error": error}).encode(), status, b"x-should-retry: false\r\n" + headers)


TOLD = {"message": PROSE, "code": PROSE, "type": PROSE, "param": PROSE}
UPSTREAM = {
    "a finish_reason": streamed(choice(PROSE)),
    "a long finish_reason": streamed(choice(PROSE * 20_000)),
    "a finish_reason that is an object": streamed(choice({PROSE: PROSE})),
    "text": streamed(choice(content=PROSE), choice("stop")),
    "thinking": streamed(choice(reasoning_content=PROSE)),
    "a role": streamed(choice(role=PROSE)),
    "a tool": streamed(choice("tool_calls", tool_calls=[{"index": PROSE, "function": {"name": PROSE}}])),
    "a refusal": streamed(choice("stop", refusal=PROSE)),
    "ids": streamed(event(id=PROSE, model=PROSE, object=PROSE, choices=[], system_fingerprint=PROSE)),
    "a usage": streamed(choice("stop"), event(choices=[], usage={"prompt_tokens": PROSE, PROSE: 1})),
    "an error within": streamed(event(error=TOLD)),
    "an error within that is text": streamed(event(error=PROSE)),
    "an error within with a status": streamed(event(error={**TOLD, "code": 400}, message=PROSE)),
    "no JSON": streamed(b"data: " + P + b"\n\n"),
    "half of JSON": streamed(b'data: {"choices": "' + P + b"\n\n"),
    "depth": streamed(b"data: " + b'{"choices":[' * 20_000 + P + b"\n\n"),
    "no UTF-8": streamed(b'data: {"choices":[{"delta":{"content":"\xff\xfe ' + P + b'"}}]}\n\n'),
    "fields of events": streamed(b"event: " + P + b"\nid: " + P + b"\nretry: " + P + b"\n" + P + b"\n\n"),
    "an answer in one piece": answer(json.dumps({"choices": PROSE, "id": PROSE, "model": PROSE}).encode()),
    "a page": answer(b"<html>" + P, b"200 OK", b"Content-Type: text/html\r\n"),
    "nothing but text": answer(P),
    **{
        f"a {status}": failed(f"{status} {PROSE}".encode(), b"x-request-id: " + P + b"\r\n", **TOLD)
        for status in (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 529, 599, 204, 304)
    },
    "a status of text": answer(P, b"500 " + P),
    "an error of depth": answer(b'{"error":' * 50_000 + P, b"400 Bad"),
    "an error without UTF-8": answer(b"\xff\xfe" + P, b"400 Bad"),
    "a wait": failed(b"429 Slow", b"Retry-After: " + P + b"\r\nretry-after-ms: " + P + b"\r\n", **TOLD),
    "an error's charset": failed(b"400 Bad", b"Content-Type: text/plain; charset=" + M + b"\r\n", **TOLD),
    "garbage for gzip": answer(P, b"400 Bad", b"Content-Encoding: gzip\r\n"),
    "garbage for gzip in an answer": answer(P, b"200 OK", b"Content-Encoding: gzip\r\n"),
    "an unknown coding": answer(P, b"200 OK", b"Content-Encoding: " + M + b"\r\n"),
    **{
        f"a Location {target}": answer(b"", b"302 Found", b"Location: " + target.encode() + b"\r\n")
        for target in (
            PROSE,
            f"http://{MARK}.invalid/{MARK}",
            f"http://[{MARK}",
            f"//{MARK}:99999999/",
            f"{MARK}://x",
            f"http://xn--{MARK}\xff/",
        )
    },
    "a status line that is none": b"HTTP/1.1 " + P + b"\r\n\r\n",
    "no HTTP": P + b"\r\n\r\n",
    "another version": b"HTTP/9.9 200 " + P + b"\r\n\r\n",
    "a header that is none": b"HTTP/1.1 200 OK\r\n" + P + b"\r\n\r\n",
    "a header": OK + b"X-" + M + b": " + P + b"\r\nSet-Cookie: " + P + b"\r\nContent-Length: 3\r\n\r\n" + P,
    "a length that is none": OK + b"Content-Length: " + P + b"\r\n\r\n" + P,
    "a coding of transfer": OK + b"Transfer-Encoding: " + M + b"\r\n\r\n" + P,
    "a chunk's size that is none": CHUNKED + P + b"\r\n",
    "a chunk's extension": CHUNKED + b"3;" + P + b"\r\nabc\r\n",
    "a trailer": CHUNKED + chunk(EVENT) + b"0\r\n" + P + b"\r\n\r\n",
    "a content type": b"HTTP/1.1 200 OK\r\nContent-Type: " + P + b"\r\nContent-Length: 3\r\n\r\n" + P,
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + M * 20_000 + b"\r\n\r\n",
    "the middle of a line": CHUNKED + chunk(EVENT + b"data: " + P),
}


def said_as_told(talk: Talk) -> None:
    """Answer with what the case names that the prompt names."""
    found = re.search(rb"case (\d+)", talk.request)
    talk.send(list(UPSTREAM.values())[int(found[1]) if found else 0])
    with suppress(OSError):
        talk.close()


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedUpstream]:
    with ScriptedUpstream(said_as_told) as running:
        yield running


@pytest.fixture(scope="module")
def greenlets_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worker") / "greenlets"


@pytest.fixture(scope="module")
def printing(upstream: ScriptedUpstream, greenlets_file: Path) -> Iterator[Stack]:
    env = {
        "OPENAI_BASE_URL": upstream.url,
        "CHAT_LOG_LEVEL": "debug",
        "GUNICORN_CMD_ARGS": "--log-level debug --worker-class tests.counting_worker.CountingWorker",
        "GREENLETS_FILE": str(greenlets_file),
    }
    with Stack(env=env) as running:
        yield running


def told(port: int, request: bytes) -> bytes:
    """Send it, end the sending, and read to the end."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as sock:
        with suppress(ConnectionError):
            sock.sendall(request)
            sock.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while data := sock.recv(65536):
                received += data
    return received


def check(stack: Stack, *replies: bytes) -> None:
    """No marker, no error of ours."""
    wrong = [
        reply[:300] for reply in replies if b'"code":"internal_error"' in reply or b"HTTP/1.1 500" in reply
    ]
    assert not wrong
    assert printed(stack) == []


def printed(stack: Stack) -> list[str]:
    """The lines that should not be there."""
    # What answers one behind another has printed what it prints of the first.
    told(stack.port, head("GET", "/healthz"))
    wrong = re.compile(rf'{MARK}|"level":"error"|\[error\]|traceback \(', re.IGNORECASE)
    return [line for line in stack.output("web").splitlines() if wrong.search(line)]


@pytest.mark.parametrize("route", ROUTES)
def test_no_part_of_a_request_is_printed(printing: Stack, route: str) -> None:
    requests = [head(method, f"{route}?{MARK}={MARK}") for method in METHODS]
    requests += [head("GET", f"{route}/{MARK}/..%2f{MARK}"), head("GET", f"{route};{MARK}#{MARK}")]
    for name in HEADERS:
        requests += [head(method, route, f"{name}: {PROSE}") for method in ("GET", "POST")]
    check(printing, *(told(printing.port, request) for request in requests))


@pytest.mark.parametrize("shape", BODIES)
def test_no_body_is_printed(printing: Stack, shape: str) -> None:
    check(printing, told(printing.port, BODIES[shape]))


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
@pytest.mark.parametrize("case", range(len(UPSTREAM)), ids=list(UPSTREAM))
def test_nothing_of_an_upstream_is_printed(printing: Stack, case: int, accept: str) -> None:
    body = json.dumps({"prompt": f"case {case} {PROSE}"}).encode()
    check(printing, told(printing.port, sized(body, f"Accept: {accept}", "Connection: close")))


def test_who_leaves_is_not_printed(printing: Stack) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", printing.port)) as sock:
            sock.sendall(sized(ASKED))
        with socket.create_connection(("127.0.0.1", printing.port)) as sock:
            sock.sendall(sized(ASKED)[:-5])
    check(printing)


def test_a_marker_that_is_printed_is_found(stack: Stack) -> None:
    """The request's own id, which is printed as it was sent."""
    before = len(printed(stack))
    body = json.dumps({"prompt": "Hi", "model": "mock-ttft0-itl0-tokens1"}).encode()
    told(stack.port, sized(body, f"X-Request-ID: {MARK}"))
    assert len(printed(stack)) == before + 1


def test_damaged_requests_on_a_raw_socket(printing: Stack, greenlets_file: Path) -> None:
    """No 500, no marker, nothing left: neither connections nor greenlets."""
    before = greenlets(greenlets_file)

    @given(st.data())
    @settings(
        max_examples=FUZZ_REQUESTS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.generate],
        database=None,
    )
    def damaged(data: st.DataObject) -> None:
        check(printing, told(printing.port, data.draw(DAMAGED)))
        assert await_that(lambda: open_connections(printing) <= MOST_LEFT, PATIENCE_SECONDS)

    damaged()
    assert await_that(lambda: greenlets(greenlets_file) <= before + MOST_LEFT, PATIENCE_SECONDS)


@st.composite
def damaged_requests(draw: st.DrawFn) -> bytes:
    """Two requests in a row, torn, doubled and with bytes of another between."""
    wholes = st.sampled_from(
        [*BODIES.values(), sized(ASKED), head("GET", f"/{MARK}"), in_chunks(chunk(ASKED))]
    )
    first, second = (draw(wholes)[:MOST_BYTES] for _ in range(2))
    at, cut = draw(st.integers(0, len(first))), draw(st.integers(0, 40))
    junk = draw(st.binary(max_size=8) | st.sampled_from([b"\r\n", b"\r\n\r\n", b"0\r\n", b"\n", b" ", b"\0"]))
    return first[:at] + junk + first[at + cut :] + second


DAMAGED = damaged_requests()
MOST_LEFT = 2
"""Connections, or greenlets, that may still be on their way out."""


def open_connections(stack: Stack) -> int:
    sockets = [each for worker in stack.workers() for each in worker.net_connections("tcp")]
    return sum(1 for each in sockets if each.raddr and each.laddr.port == stack.port)


def greenlets(file: Path) -> int:
    """How many the worker has, by a look that it takes from here on."""
    asked_at = time.monotonic()

    def looked() -> tuple[str, ...]:
        looked_at, found = file.read_text().split() if file.exists() else ("0", "0")
        return (found,) if float(looked_at) > asked_at else ()

    (found,) = until(looked)
    return int(found)
