"""What is asked of the model's API and what comes back, over real sockets to a scripted upstream."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from loadtests.rig.scripted import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    Script,
    ScriptedUpstream,
    Talk,
    chunk,
    plays,
)
from loadtests.rig.scripted import (
    answer as whole_response,
)
from tests.conftest import MS
from webapp.chat.continuation import GO_ON
from webapp.chat.errors import NotReadyError, UpstreamError
from webapp.chat.messages import ChatRequest, Message
from webapp.configuration.settings import Settings
from webapp.upstream import model as model_module
from webapp.upstream.decoding import Chunk
from webapp.upstream.environment import NO_KEY
from webapp.upstream.model import ChatModel, ModelAnswer
from webapp.upstream.questions.dialects import Dialect, Dialects
from webapp.upstream.questions.payload import payload_of

EXPECTED_URL = "OPENAI_BASE_URL: expected an address such as https://api.openai.com/v1, got {!r}"
DONE_CHUNK = Chunk(end="done")
USER = Message("user", "Hi")
BEGUN = Message("assistant", "Once upon a")
HELLO = CHUNKED + chunk(EVENT) + chunk(DONE) + LAST_CHUNK


def request(*messages: Message, **overrides: Any) -> ChatRequest:
    asked: dict[str, Any] = {
        "model": "m",
        "max_tokens": 100,
        "temperature": None,
        "stream": True,
        **overrides,
    }
    return ChatRequest(messages or (USER,), **asked)


def chunks(answer: ModelAnswer, seconds: float = 2.0) -> list[Chunk]:
    """All that the model says, waited for as the relay does."""
    got: list[Chunk] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        read = answer.read(20 * MS)
        if read is not None and not read:
            return got
        got += read or []
    raise AssertionError("the answer has not ended")


Ask = Callable[..., tuple[ModelAnswer, ScriptedUpstream]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Asks an upstream that follows the given script."""
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    with ExitStack() as opened:

        def asked(
            script: Script, *messages: Message, **settings: Any
        ) -> tuple[ModelAnswer, ScriptedUpstream]:
            upstream = opened.enter_context(ScriptedUpstream(script))
            monkeypatch.setenv("OPENAI_BASE_URL", upstream.url)
            answer = ChatModel(Settings(model="m", **settings)).ask(request(*messages), "r1")
            opened.callback(answer.close)
            return answer, upstream

        yield asked


def sent_messages(upstream: ScriptedUpstream) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = json.loads(upstream.requests[0].partition(b"\r\n\r\n")[2])["messages"]
    return messages


def test_an_answer_is_chunks_and_an_end(ask: Ask) -> None:
    answer, _ = ask(plays(HELLO))
    assert chunks(answer) == [Chunk("Hello"), DONE_CHUNK]


def test_asking_does_not_wait_and_reading_not_longer_than_told(ask: Ask) -> None:
    asked_at = time.monotonic()
    answer, _ = ask(lambda talk: talk.wait(5))
    assert answer.read(30 * MS) is None
    assert 30 * MS <= time.monotonic() - asked_at < 4


def test_the_wait_for_a_next_token_can_go_on_after_it_was_in_vain(ask: Ask) -> None:
    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(EVENT))
        talk.wait(100 * MS)
        talk.send(chunk(EVENT) + chunk(DONE) + LAST_CHUNK)

    answer, _ = ask(script)
    assert chunks(answer) == [Chunk("Hello"), Chunk("Hello"), DONE_CHUNK]


def test_comments_are_no_chunks(ask: Ask) -> None:
    answer, _ = ask(
        plays(CHUNKED, chunk(b": OPENROUTER PROCESSING\n\n" * 3), chunk(EVENT + DONE), LAST_CHUNK)
    )
    assert chunks(answer) == [Chunk("Hello"), DONE_CHUNK]


@pytest.mark.parametrize("said", [CHUNKED, CHUNKED + chunk(EVENT)], ids=["headers", "a token"])
def test_closing_an_answer_closes_its_connection(ask: Ask, said: bytes) -> None:
    gone: list[bool] = []

    def script(talk: Talk) -> None:
        talk.send(said)
        gone.append(talk.gone(within=2))

    answer, upstream = ask(script)
    for _ in range(3):
        answer.read(50 * MS)
    answer.close()
    answer.close()
    upstream.__exit__()
    assert gone == [True]


def test_an_answer_that_could_not_be_opened_is_closed_in_silence(ask: Ask) -> None:
    """Whatever it was that kept it from opening: what is raised while closing cuts the last word."""
    answer, _ = ask(plays(whole_response(b"x", headers=b"Content-Encoding: gzip\r\n")))
    with pytest.raises(UpstreamError) as raised:
        chunks(answer)
    answer.close()
    assert raised.value.code == "upstream_broken_off"


def test_a_failure_is_raised_in_our_words_and_noted_for_the_log(ask: Ask) -> None:
    body = json.dumps({"error": {"message": "secret prose", "code": "invalid_api_key"}}).encode()
    answer, _ = ask(plays(whole_response(body, b"401 Unauthorized")))
    with pytest.raises(UpstreamError) as raised:
        chunks(answer)
    assert raised.value.code == "upstream_key_refused"
    assert "secret" not in raised.value.message + repr(answer.failure_fields)
    assert answer.failure_fields["upstream_status"] == 401


def test_a_model_that_continues_by_itself_gets_the_text_as_it_stands(ask: Ask) -> None:
    answer, upstream = ask(plays(HELLO), USER, BEGUN, prefill_models="m")
    chunks(answer)
    assert [message["role"] for message in sent_messages(upstream)] == ["user", "assistant"]


def test_another_model_is_asked_to_go_on_and_what_it_repeats_left_out(ask: Ask) -> None:
    answer, upstream = ask(plays(HELLO), USER, BEGUN, prefill_models="other*")
    chunks(answer)
    assert answer.trimmer is not None
    assert sent_messages(upstream)[-2:] == [
        {"role": "assistant", "content": "Once upon a"},
        {"role": "user", "content": GO_ON},
    ]


def test_an_ordinary_conversation_has_nothing_to_trim(ask: Ask) -> None:
    answer, _ = ask(plays(HELLO), prefill_models="other*")
    assert answer.trimmer is None


def test_what_is_asked() -> None:
    asked = request(USER, BEGUN, temperature=0.5)
    assert payload_of(asked, asked.messages, Dialect()) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Once upon a"}],
        "max_tokens": 100,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
    }


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("api.openai.com", "max_completion_tokens"),
        ("mine.openai.azure.com", "max_completion_tokens"),
        ("api.groq.com", "max_tokens"),
        ("localhost", "max_tokens"),
    ],
)
def test_the_limit_of_the_answer_has_the_name_that_the_host_knows(host: str, name: str) -> None:
    payload = payload_of(request(), (USER,), Dialects("auto", host).of("m"))
    assert {key for key in payload if key.startswith("max_")} == {name}
    assert "temperature" not in payload


@pytest.mark.parametrize(
    ("key", "url", "problem"),
    [
        (None, "http://127.0.0.1/v1", NO_KEY),
        ("", "http://127.0.0.1/v1", NO_KEY),
        ("key", "nonsense", EXPECTED_URL.format("nonsense")),
        ("key", "ftp://127.0.0.1/v1", EXPECTED_URL.format("ftp://127.0.0.1/v1")),
        ("key", "http://", EXPECTED_URL.format("http://")),
        ("key", "http://[::1/v1", EXPECTED_URL.format("http://[::1/v1")),
    ],
)
def test_a_configuration_that_cannot_work_is_said_when_asked(
    key: str | None, url: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    model = ChatModel(Settings(model="m"))
    assert model.problem == problem
    with pytest.raises(NotReadyError) as raised:
        model.ask(request(), "r1")
    assert (raised.value.code, raised.value.message) == ("not_configured", problem)


def test_the_address_of_the_api_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert ChatModel(Settings(model="m")).url == httpx2.URL("http://127.0.0.1:9/v1/")


def endless(talk: Talk) -> None:
    talk.send(CHUNKED)
    data = chunk(b'data: {"choices":[{"index":0,"delta":{"content":"%b"}}]}\n\n' % (b"x" * 10_000))
    for _ in range(1000):
        talk.send(data)


def empty(talk: Talk) -> None:
    talk.send(CHUNKED)
    for _ in range(1000):
        talk.send(chunk(b": nothing\n" * 1000))


def whole(talk: Talk) -> None:
    message = b'{"choices":[{"message":{"content":"%b"},"finish_reason":"stop"}]}' % (b"x" * 900_000)
    talk.send(CHUNKED.replace(b"text/event-stream", b"application/json"))
    talk.send(chunk(message) + b"0\r\n\r\n")


@pytest.mark.parametrize("script", [endless, empty, whole])
def test_an_answer_that_does_not_end_is_ended(script: Script, ask: Ask) -> None:
    answer, _ = ask(script)
    with pytest.raises(UpstreamError) as raised:
        chunks(answer, seconds=20)
    assert raised.value.code == "upstream_malformed"
    answer.close()


@pytest.mark.parametrize(("event", "rests"), [(b"data: {}\n\n", True), (b": \n" * 4, False)])
def test_what_is_costly_to_decode_is_followed_by_a_rest(
    event: bytes, rests: bool, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []
    cost = iter(range(10_000)) if rests else iter([0] * 10_000)
    clock = SimpleNamespace(sleep=rested.append, thread_time=lambda: next(cost) / 100)

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(event * 1000))
        talk.wait(50 * MS)
        talk.send(chunk(DONE) + LAST_CHUNK)

    answer, _ = ask(script)
    monkeypatch.setattr(model_module, "time", clock)
    chunks(answer)
    answer.close()
    assert bool(rested) == rests
    assert all(rest == pytest.approx(0.1) for rest in rested)


def test_who_reads_what_was_given_up_is_told_of_no_failure(ask: Ask) -> None:
    """The client has left: its answer is about to be ended, and the upstream is not to blame."""
    answer, _ = ask(lambda talk: talk.send(CHUNKED + chunk(EVENT)) or talk.wait(1))
    while not answer.read(1):
        pass
    answer.close()
    for _ in range(3):
        answer.read(5 * MS)
    assert answer.failure_fields == {}
