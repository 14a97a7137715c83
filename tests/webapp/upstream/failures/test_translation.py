"""Everything that an upstream can do wrong, and what the caller is told of it: never the upstream's own text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable

import httpx2
import openai
import pytest

from loadtests.rig.scripted import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    Ending,
    Script,
    ScriptedUpstream,
    Step,
    Talk,
    chunk,
    plays,
)
from loadtests.rig.scripted import answer as response
from tests.conftest import MS
from webapp.chat.errors import UPSTREAM_OUTCOMES, UpstreamError
from webapp.chat.messages import ChatRequest, Message
from webapp.configuration.settings import Settings
from webapp.upstream.failures.translation import REPORTED_CODES, STATUS_CODES, translated
from webapp.upstream.model import ChatModel

SECRET = "prose of the vendor"
QUICK_RETRY = b"retry-after-ms: 1\r\n"
ASKED = ChatRequest((Message("user", "Hi"),), "m", 100, None, stream=True)


def refuses(status: int, code: str | None = None, kind: str = "some_error", headers: bytes = b"") -> Script:
    body = json.dumps({"error": {"message": SECRET, "type": kind, "code": code, "param": None}}).encode()
    return plays(response(body, b"%d Refused" % status, QUICK_RETRY + headers))


def streams(*data: bytes) -> Script:
    return plays(CHUNKED + b"".join(map(chunk, data)) + LAST_CHUNK)


def reports(code: str | None, kind: str | None = None) -> Script:
    error = {"error": {"message": SECRET, "type": kind, "code": code}}
    return streams(EVENT, b"data: " + json.dumps(error).encode() + b"\n\n")


breaks_off = plays(CHUNKED + chunk(EVENT), Ending.CLOSE)
resets = plays(CHUNKED + chunk(EVENT), 20 * MS, Ending.RESET)


TROUBLE: list[tuple[str, Script, str]] = [
    ("400", refuses(400), "upstream_refused"),
    ("400 too long", refuses(400, "context_length_exceeded"), "context_length_exceeded"),
    ("400 content", refuses(400, "content_filter"), "content_filtered"),
    ("400 policy", refuses(400, "content_policy_violation"), "content_filtered"),
    ("401", refuses(401, "invalid_api_key"), "upstream_key_refused"),
    ("401 without a code", refuses(401), "upstream_key_refused"),
    ("403", refuses(403), "upstream_key_refused"),
    ("404", refuses(404, "model_not_found"), "upstream_model_unknown"),
    ("404 without a code", refuses(404), "upstream_not_found"),
    ("408", refuses(408), "upstream_failed"),
    ("409", refuses(409), "upstream_failed"),
    ("413", refuses(413), "context_length_exceeded"),
    ("413 of a limit a minute", refuses(413, "rate_limit_exceeded"), "context_length_exceeded"),
    ("422", refuses(422), "upstream_refused"),
    ("429", refuses(429, "rate_limit_exceeded"), "upstream_rate_limited"),
    ("429 without a code", refuses(429), "upstream_rate_limited"),
    ("429 quota", refuses(429, "insufficient_quota"), "upstream_quota_exceeded"),
    ("429 quota by type", refuses(429, None, "insufficient_quota"), "upstream_quota_exceeded"),
    ("500", refuses(500), "upstream_failed"),
    ("502", refuses(502), "upstream_failed"),
    ("503", refuses(503), "upstream_overloaded"),
    ("529", refuses(529), "upstream_overloaded"),
    ("not an error object", lambda talk: talk.send(response(b"<html>", b"418 Teapot")), "upstream_refused"),
    ("error in a 200", reports("server_error"), "upstream_failed"),
    ("error in a 200, overlong", reports("context_length_exceeded"), "context_length_exceeded"),
    ("error in a 200, by type", reports(None, "insufficient_quota"), "upstream_quota_exceeded"),
    ("error in a 200, a number", reports("429"), "upstream_rate_limited"),
    ("broken JSON", streams(EVENT, b"data: {" + SECRET.encode() + b"\n\n"), "upstream_malformed"),
    ("another type", streams(b'data: {"choices": "' + SECRET.encode() + b'"}\n\n'), "upstream_malformed"),
    ("not text", streams(b"data: \xff\xfe\n\n"), "upstream_malformed"),
    ("an endless line", streams(b"data: " + b"x" * (1024 * 1024 + 1)), "upstream_malformed"),
    ("FIN without the end", breaks_off, "upstream_broken_off"),
    ("RST", resets, "upstream_broken_off"),
    ("chunk of no size", lambda talk: talk.send(CHUNKED + b"zz\r\n"), "upstream_broken_off"),
    ("not HTTP", lambda talk: talk.send(b"SSH-2.0-OpenSSH\r\n\r\n"), "upstream_not_an_api"),
]


def failure(model: ChatModel) -> UpstreamError:
    """What reading an answer to its end raises."""
    answer = model.ask(ASKED, "r1")
    until = time.monotonic() + 5
    try:
        while time.monotonic() < until and answer.read(50 * MS) != []:
            pass
    except UpstreamError as error:
        return error
    finally:
        answer.close()
    raise AssertionError("the answer did not fail")


@pytest.fixture
def model_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ChatModel]:
    def model(url: str, **settings: float) -> ChatModel:
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        return ChatModel(Settings(model="m", **settings))

    return model


@pytest.mark.parametrize(("script", "code"), [row[1:] for row in TROUBLE], ids=[row[0] for row in TROUBLE])
def test_each_trouble_has_its_code_and_none_its_own_words(
    script: Script, code: str, model_at: Callable[..., ChatModel]
) -> None:
    with ScriptedUpstream(script) as upstream:
        error = failure(model_at(upstream.url))
    outcome = UPSTREAM_OUTCOMES[code]
    assert (error.code, error.status, error.retryable) == (code, outcome.status, outcome.retryable)
    assert error.message == outcome.message
    assert SECRET not in error.message


@pytest.mark.parametrize(("status", "requests"), [(429, 3), (500, 3), (503, 3), (400, 1), (401, 1), (404, 1)])
def test_only_what_may_pass_is_tried_again(
    status: int, requests: int, model_at: Callable[..., ChatModel]
) -> None:
    with ScriptedUpstream(refuses(status)) as upstream:
        failure(model_at(upstream.url))
    assert len(upstream.requests) == requests


@pytest.mark.parametrize("script", [breaks_off, resets, reports("server_error")])
def test_nothing_is_tried_again_once_a_byte_has_come(
    script: Script, model_at: Callable[..., ChatModel]
) -> None:
    with ScriptedUpstream(script) as upstream:
        failure(model_at(upstream.url))
    assert len(upstream.requests) == 1


def test_a_second_try_that_works_is_an_answer(model_at: Callable[..., ChatModel]) -> None:
    def fails_once(talk: Talk) -> Iterable[Step] | None:
        return (refuses(503) if len(upstream.requests) == 1 else streams(EVENT, DONE))(talk)

    with ScriptedUpstream(fails_once) as upstream:
        answer = model_at(upstream.url).ask(ASKED, "r1")
        read = [answer.read(1) for _ in range(4)]
        answer.close()
    assert [chunk.text for chunks in read for chunk in chunks or [] if chunk.text] == ["Hello"]
    assert len(upstream.requests) == 2


def test_the_upstreams_wish_to_be_left_alone_is_kept_for_the_caller(
    model_at: Callable[..., ChatModel],
) -> None:
    with ScriptedUpstream(refuses(429, headers=b"retry-after: 7\r\n")) as upstream:
        assert failure(model_at(upstream.url)).retry_after_seconds == 7


def test_an_upstream_that_is_not_there(port: int, model_at: Callable[..., ChatModel]) -> None:
    assert failure(model_at(f"http://127.0.0.1:{port}/v1")).code == "upstream_unreachable"


def test_an_upstream_that_sends_no_headers(model_at: Callable[..., ChatModel]) -> None:
    with ScriptedUpstream(lambda talk: talk.wait(5)) as upstream:
        error = failure(model_at(upstream.url, first_token_timeout_seconds=100 * MS))
    assert error.code == "upstream_first_token_timeout"


REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
TIMEOUTS = httpx2.Timeout(120, connect=5)


def timeout(cause: Exception) -> openai.APITimeoutError:
    error = openai.APITimeoutError(request=REQUEST)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (timeout(httpx2.ConnectTimeout("")), "upstream_connect_timeout", "did not accept"),
        (timeout(httpx2.ReadTimeout("")), "upstream_first_token_timeout", "nothing for 120 seconds"),
        (openai.APIConnectionError(request=REQUEST), "upstream_unreachable", "cannot be reached"),
        (httpx2.ReadError(SECRET), "upstream_broken_off", "broke off"),
        (openai.OpenAIError(SECRET), "upstream_failed", "failed"),
    ],
)
def test_errors_without_an_answer(error: Exception, code: str, said: str) -> None:
    translation = translated(error, TIMEOUTS)
    assert translation.code == code
    assert said in translation.message
    assert SECRET not in translation.message


def test_every_code_of_the_tables_has_an_outcome() -> None:
    assert {*STATUS_CODES.values(), *REPORTED_CODES.values()} <= UPSTREAM_OUTCOMES.keys()
