"""An answer that is interrupted before its host would cut it, and continued request by request, is one text."""

from collections.abc import Iterator
from typing import Any

import pytest

from loadtests.rig.scripted import CHUNKED, ScriptedUpstream, Talk
from loadtests.rig.streams import JSON, TEXT
from loadtests.stack import Stack
from tests.conftest import MS
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.phases import FINISH, token

DEADLINE_SECONDS = 0.4
QUESTION = {"role": "user", "content": "Tell me about rivers"}
"""In its answer no sentence stands twice in a row: cut between the two, the second would count as repeated."""
MOST_ROUNDS = 30


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(env={"CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS)}) as running:
        yield running


def asked_until_done(port: int, model: str) -> tuple[str, list[dict[str, Any]]]:
    """What the page does: send the text back until the model is through. Returns it and the last words."""
    text, endings = "", []
    with ChatClient(port) as client:
        while not endings or endings[-1]["finish_reason"] == "interrupted":
            assert len(endings) < MOST_ROUNDS
            messages = [QUESTION, {"role": "assistant", "content": text}] if text else [QUESTION]
            reply = client.ask(model, messages=messages).reply()
            text += reply.text
            endings.append(reply.last)
    return text, endings


@pytest.mark.timed
def test_the_joined_text_is_the_uninterrupted_one_byte_for_byte(stack: Stack) -> None:
    text, endings = asked_until_done(stack.port, "mock-ttft20-itl10-tokens150")
    with ChatClient(stack.port) as client:
        whole = client.ask("mock-ttft0-itl0-tokens150", messages=[QUESTION]).reply()
    assert text == whole.text
    assert len(endings) >= 3
    assert [ending["reason"] for ending in endings[:-1]] == ["deadline"] * (len(endings) - 1)
    assert endings[-1]["finish_reason"] == "stop"
    assert all(ending["timing"]["total_ms"] >= DEADLINE_SECONDS * 1000 for ending in endings[:-1])


@pytest.mark.timed
def test_an_answer_that_has_not_begun_is_interrupted_as_well(stack: Stack) -> None:
    with ChatClient(stack.port) as client:
        reply = client.ask("mock-ttft5000-itl0-tokens5").reply()
    assert (reply.text, reply.last["finish_reason"], reply.last["reason"]) == ("", "interrupted", "deadline")


@pytest.mark.timed
def test_whoever_waits_for_the_whole_gets_what_there_is_and_a_text_breaks_off(stack: Stack) -> None:
    with ChatClient(stack.port) as waiting, ChatClient(stack.port) as reading:
        waiting.ask("mock-ttft20-itl10-tokens150", accept=JSON)
        reading.ask("mock-ttft20-itl10-tokens150", accept=TEXT)
        whole, text = waiting.reply(), reading.reply()
    assert (whole.status, whole.last["finish_reason"], whole.last["reason"]) == (
        200,
        "interrupted",
        "deadline",
    )
    assert whole.text
    assert (text.status, text.whole) == (200, False)


WORDS = [f"word{number:03} " for number in range(60)]
REPEATED_WORDS = 4


def repeats_itself(talk: Talk) -> None:
    """A model that answers a request to go on, but begins with the last words of what it should continue."""
    messages = talk.body["messages"]
    written = messages[-2]["content"] if len(messages) > 2 else ""
    first = max(0, len(written) // len(WORDS[0]) - REPEATED_WORDS)
    talk.send(CHUNKED)
    for word in WORDS[first:]:
        talk.send(token(word))
        if talk.gone(within=10 * MS):
            talk.close()
            return
    talk.send(FINISH)


def test_what_a_model_repeats_that_must_be_asked_to_go_on_is_left_out() -> None:
    with ScriptedUpstream(repeats_itself) as upstream:
        env = {
            "CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS),
            "CHAT_PREFILL_MODELS": "another",
            "OPENAI_BASE_URL": upstream.url,
        }
        with Stack(env=env) as stack:
            text, endings = asked_until_done(stack.port, "mock")
    assert text == "".join(WORDS)
    assert len(endings) >= 2
