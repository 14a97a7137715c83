"""A conversation that the model has no room for, through the whole app: it goes on, without its oldest turns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from loadtests.rig.scripted import CHUNKED, DONE, EVENT, LAST_CHUNK, ScriptedUpstream, Talk, chunk
from loadtests.rig.scripted import answer as whole_response
from webapp import create_app
from webapp.configuration.settings import Settings

ERROR = b'{"error":{"message":"the request exceeds the available context size","code":400}}'
REFUSALS = {
    "a status": whole_response(ERROR, b"400 Bad Request"),
    "too large": whole_response(b"", b"413 Content Too Large"),
    "inside a 200": CHUNKED + chunk(b"data: " + ERROR + b"\n\n") + LAST_CHUNK,
    "an event": CHUNKED + chunk(b"event: error\ndata: " + ERROR + b"\n\n") + LAST_CHUNK,
    "after a role": CHUNKED
    + chunk(b'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n')
    + chunk(b"data: " + ERROR + b"\n\n")
    + LAST_CHUNK,
}
TALK = [{"role": role, "content": f"{at} " + "x" * 100} for at in range(4) for role in ("user", "assistant")]
QUESTION = {"role": "user", "content": "And then?"}


@pytest.fixture
def answers() -> list[bytes]:
    """What the API answers, one after the other."""
    return []


@pytest.fixture
def upstream(answers: list[bytes]) -> Iterator[ScriptedUpstream]:
    def script(talk: Talk) -> None:
        talk.send(answers.pop(0))

    with ScriptedUpstream(script) as upstream:
        yield upstream


@pytest.fixture
def client(upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    monkeypatch.setenv("OPENAI_BASE_URL", upstream.url)
    return create_app(Settings(model="m")).test_client()


@pytest.fixture
def ask(client: FlaskClient) -> Callable[..., list[dict[str, Any]]]:
    def asked(*messages: dict[str, str]) -> list[dict[str, Any]]:
        response = client.post(
            "/chat", json={"messages": messages}, headers={"Accept": "application/x-ndjson"}
        )
        return [item for line in response.data.splitlines() if (item := json.loads(line))]

    return asked


def sent(upstream: ScriptedUpstream) -> list[int]:
    return [len(json.loads(asked.partition(b"\r\n\r\n")[2])["messages"]) for asked in upstream.requests]


FINE = CHUNKED + chunk(EVENT + DONE) + LAST_CHUNK


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_the_oldest_turns_go_and_the_end_says_how_many(
    refusal: bytes, answers: list[bytes], upstream: ScriptedUpstream, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    answers += [refusal, FINE]
    start, delta, done = ask(*TALK, QUESTION)
    assert (start["type"], delta["text"], done["type"]) == ("start", "Hello", "done")
    assert "dropped_messages" not in start
    assert done["dropped_messages"] == 6
    assert sent(upstream) == [9, 3]


def test_an_answer_for_which_nothing_went_does_not_speak_of_it(
    answers: list[bytes], ask: Callable[..., list[dict[str, Any]]]
) -> None:
    answers += [FINE]
    assert "dropped_messages" not in ask(*TALK, QUESTION)[-1]


def test_the_blocking_answer_says_it_too(answers: list[bytes], client: FlaskClient) -> None:
    answers += [REFUSALS["a status"], FINE]
    answer = client.post("/chat", json={"messages": [*TALK, QUESTION], "stream": False}).json
    assert (answer or {})["dropped_messages"] == 6


def test_a_question_that_is_too_long_by_itself_is_refused_and_the_next_one_is_not(
    answers: list[bytes], upstream: ScriptedUpstream, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    answers += [REFUSALS["a status"]] * 3
    assert ask(*TALK, QUESTION)[-1]["code"] == "context_length_exceeded"
    assert sent(upstream) == [9, 3, 1]
    answers += [FINE]
    assert ask(*TALK, QUESTION)[-1]["type"] == "done"


def test_what_has_begun_is_not_asked_for_again(
    answers: list[bytes], upstream: ScriptedUpstream, ask: Callable[..., list[dict[str, Any]]]
) -> None:
    answers += [CHUNKED + chunk(EVENT) + chunk(b"data: " + ERROR + b"\n\n") + LAST_CHUNK]
    *_, delta, error = ask(*TALK, QUESTION)
    assert (delta["text"], error["code"]) == ("Hello", "context_length_exceeded")
    assert len(upstream.requests) == 1
