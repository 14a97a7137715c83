"""What becomes of a question when its upstream answers with something else than an answer."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import httpx2
import openai
import pytest
from openai import OpenAI

from loadtests.rig.scripted import Script, ScriptedUpstream, Talk
from webapp.upstream.client import open_stream, tamed
from webapp.upstream.transport.exchange import GeventTransport
from webapp.upstream.unwanted import ERROR_BODY_BYTES, MOST_REDIRECTS


def responds(status: int, *headers: str, body: bytes = b"{}", endless: bool = False) -> Script:
    def script(talk: Talk) -> None:
        lines = [f"HTTP/1.1 {status} No", *headers, *([] if endless else [f"Content-Length: {len(body)}"])]
        talk.send(("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode() + body)
        sent = 0
        while endless and sent < 100_000_000:
            talk.send(b"x" * 65536)
            sent += 65536
        talk.close()

    return script


@pytest.fixture(params=["gevent's", "the SDK's"])
def asked(
    request: pytest.FixtureRequest, transport: GeventTransport
) -> Callable[[ScriptedUpstream], Exception]:
    own = httpx2.Client(transport=transport, follow_redirects=True) if request.param == "gevent's" else None

    def ask(upstream: ScriptedUpstream) -> Exception:
        options = {"api_key": "key", "base_url": upstream.url, "max_retries": 0, "timeout": 5.0}
        with tamed(OpenAI(http_client=own, **options)) as client, pytest.raises(Exception) as raised:  # noqa: PT011
            open_stream(client, {"model": "m", "messages": []}, httpx2.Timeout(5)).close()
        return raised.value

    return ask


Ask = Callable[[ScriptedUpstream], Exception]


@pytest.mark.parametrize("status", [400, 401, 500])
def test_of_a_body_that_never_ends_only_the_beginning_is_read(status: int, asked: Ask) -> None:
    with ScriptedUpstream(responds(status, endless=True)) as upstream:
        error = asked(upstream)
    assert isinstance(error, openai.APIStatusError)
    assert len(error.response.content) <= ERROR_BODY_BYTES


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Encoding: gzip"], b"garbage"),
        (["Content-Encoding: gzip"], gzip.compress(b"x" * 50_000_000)),
        (["Content-Type: text/plain; charset=idna"], "\u00e4.\u00f6".encode() * 100),
        (["Content-Type: application/json"], b"[" * 60_000),
    ],
    ids=["garbage", "a bomb", "no charset", "deep"],
)
def test_a_body_that_cannot_be_read_leaves_its_status(headers: list[str], body: bytes, asked: Ask) -> None:
    with ScriptedUpstream(responds(400, *headers, body=body)) as upstream:
        error = asked(upstream)
    assert isinstance(error, openai.BadRequestError)
    assert len(error.response.content) <= ERROR_BODY_BYTES


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/elsewhere",
        "http://other.invalid/v1",
        "//other.invalid",
        "http://[",
        "the prompt \u00e4",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_else_gets_the_question(status: int, location: str, asked: Ask) -> None:
    with ScriptedUpstream(responds(status, f"Location: {location}")) as upstream:
        error = asked(upstream)
        assert len(upstream.requests) == 1 or location.startswith("the prompt")
    assert isinstance(error, openai.APIStatusError)
    assert error.status_code == status


def test_a_loop_ends_soon(asked: Ask) -> None:
    with ScriptedUpstream(responds(307, "Location: /v1/chat/completions")) as upstream:
        error = asked(upstream)
        assert len(upstream.requests) == 1 + MOST_REDIRECTS
    assert isinstance(error, openai.APIStatusError)
