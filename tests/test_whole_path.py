"""The whole path of a message: a client, gunicorn with gevent, the app, HTTP, the mock, and back."""

import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from loadtests.stack import Stack
from tests.conftest import MS

FOUNDING_PROMPT = "Write an 800-word essay on quantum mechanics"
SIX = "mock-ttft10-itl5-tokens6"
NASTY = 'line\nbreak,  two spaces, tab\tend, \u2028 separator, 👩‍🚀 and 🇺🇳, "quotes", back\\slash, 漢字, é'


@pytest.fixture(scope="module")
def http(stack: Stack) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=stack.url, timeout=20) as client:
        yield client


def arrivals(http: httpx2.Client, **body: Any) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each object of a stream, with the seconds since the request was sent."""
    sent_at = time.monotonic()
    with http.stream("POST", "/chat", json=body) as response:
        assert response.status_code == 200
        for line in response.iter_lines():
            if line.startswith("data: "):
                yield time.monotonic() - sent_at, json.loads(line.removeprefix("data: "))


def expected_text(stack: Stack, prompt: str, model: str = "mock-ttft0-itl0") -> str:
    """What the mock answers, asked directly and without delays by the vendor's own client."""
    client = OpenAI(api_key="mock-key", base_url=f"{stack.mock_url}/v1")
    answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}])
    return answer.choices[0].message.content or ""


def test_the_objects_come_in_order_and_the_text_is_whole(http: httpx2.Client, stack: Stack) -> None:
    objects = [item for _, item in arrivals(http, prompt=FOUNDING_PROMPT, model="mock-ttft0-itl0")]
    kinds = [item["type"] for item in objects]
    assert kinds == ["start", *["delta"] * (len(objects) - 2), "done"]
    text = "".join(item["text"] for item in objects if item["type"] == "delta")
    assert text == expected_text(stack, FOUNDING_PROMPT)
    assert len(text.split()) > 700
    assert objects[-1]["finish_reason"] == "stop"


def test_the_text_grows_while_the_model_writes(http: httpx2.Client) -> None:
    came = list(arrivals(http, prompt="Hello", model="mock-ttft200-itl20-tokens40"))
    deltas = [at for at, item in came if item["type"] == "delta"]
    (started, start), (ended, done) = came[0], came[-1]
    assert start["type"] == "start"
    # Start comes at once, the first token at 200 ms, the last 39 × 20 ms after it, and none waits for it.
    assert started < deltas[0]
    assert 200 * MS <= deltas[0] < 5
    assert deltas[-1] >= 980 * MS
    assert done["timing"]["first_token_ms"] >= 200
    assert done["timing"]["total_ms"] <= ended * 1000


def test_difficult_characters_arrive_intact(http: httpx2.Client, stack: Stack) -> None:
    came = arrivals(http, prompt=NASTY, model="mock-ttft0-itl0")
    text = "".join(item["text"] for _, item in came if item["type"] == "delta")
    assert text == expected_text(stack, NASTY)
    assert {"\n", "\u2028", "👩‍🚀", "漢"} <= {part for part in ("\n", "\u2028", "👩‍🚀", "漢") if part in text}


def test_the_blocking_mode_waits_for_the_same_text(http: httpx2.Client) -> None:
    body = {"prompt": "Hello", "model": "mock-ttft100-itl10-tokens20"}
    streamed = "".join(item["text"] for _, item in arrivals(http, **body) if item["type"] == "delta")
    sent_at = time.monotonic()
    answer = http.post("/chat", json={**body, "stream": False}).json()
    assert time.monotonic() - sent_at >= 290 * MS
    assert answer["text"] == streamed


def said(received: bytes) -> str:
    """The text of the deltas that have come whole; how many they are is the scheduler's affair."""
    objects = map(json.loads, re.findall(rb"data: (.*)\n\n", received))
    return "".join(item["text"] for item in objects if item["type"] == "delta")


def asked(stack: Stack, sock: socket.socket, model: str) -> Iterator[bytes]:
    """What a raw socket has read of an answer, after each read, until its end."""
    body = json.dumps({"prompt": "Hello", "model": model}).encode()
    sock.sendall(
        b"POST /chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
    )
    received = b""
    while data := sock.recv(65536):
        received += data
        yield received


@pytest.fixture(scope="module")
def tokens(stack: Stack) -> list[str]:
    """The six tokens of an answer, asked of the mock itself."""
    client = OpenAI(api_key="mock-key", base_url=f"{stack.mock_url}/v1")
    messages: Any = [{"role": "user", "content": "Hello"}]
    chunks = client.chat.completions.create(model=SIX, messages=messages, stream=True)
    return [text for chunk in chunks for choice in chunk.choices if (text := choice.delta.content)]


@pytest.mark.timed
@pytest.mark.parametrize("before", range(1, 6))
def test_no_token_waits_for_a_later_one(stack: Stack, tokens: list[str], before: int) -> None:
    """The next token is an hour away: whatever comes has been sent without it."""
    expected = "".join(tokens[:before])
    with socket.create_connection(("127.0.0.1", stack.port), 10) as sock:
        texts = map(said, asked(stack, sock, f"{SIX}-stall@{before}"))
        assert next(text for text in texts if len(text) >= len(expected)) == expected


@pytest.mark.timed
def test_the_last_token_is_followed_by_the_end(stack: Stack, tokens: list[str]) -> None:
    """Chunked framing and its final chunk, as a raw socket sees them."""
    with socket.create_connection(("127.0.0.1", stack.port), 10) as sock:
        *_, received = asked(stack, sock, SIX)
    assert said(received) == "".join(tokens)
    assert received.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"rubbish", 400, "invalid_json"),
        (b'{"messages": "rubbish"}', 400, "invalid_request"),
        (b'{"messages": []}', 400, "invalid_request"),
        (b'{"messages": [{"role": "wizard", "content": "Hi"}]}', 400, "role_not_allowed"),
        (b'{"prompt": "Hi", "model": "nobody-knows"}', 400, "model_not_allowed"),
        (b" " * 2_000_000, 413, "body_too_large"),
    ],
)
def test_bad_input_is_refused_with_a_status(http: httpx2.Client, sent: bytes, status: int, code: str) -> None:
    response = http.post("/chat", content=sent, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert "Traceback" not in response.text


def test_one_connection_serves_many_answers(stack: Stack) -> None:
    """A stream that ended leaves its connection fit for the next request."""
    with httpx2.Client(base_url=stack.url, limits=httpx2.Limits(max_connections=1)) as http:
        for _ in range(3):
            kinds = [item["type"] for _, item in arrivals(http, prompt="Hi", model="mock-ttft0-itl0-tokens3")]
            assert (kinds[0], kinds[-1]) == ("start", "done")
