"""Whatever bytes come in, a ChatRequest or a refusal comes out, and every format can be read back."""

from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.chat.errors import RefusedError
from webapp.chat.events import HEARTBEAT, Delta, Done, Event, Failure, Start, Timing, Usage
from webapp.chat.messages import MAX_TEMPERATURE, ChatRequest, parse_chat_request
from webapp.configuration.settings import Settings
from webapp.http.formats import CutError, encode_ndjson, encode_sse, encode_text

SETTINGS = Settings(model="m", models="m,mock*", max_messages=3, max_message_chars=20, max_output_tokens=100)

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["user", "assistant", "system"]) | VALUES,
        "content": st.text() | VALUES,
    },
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "messages": st.lists(MESSAGES, max_size=5) | VALUES,
        "prompt": st.text() | VALUES,
        "model": st.sampled_from(["m", "mock-1", "other"]) | VALUES,
        "max_tokens": st.integers(-1, 102) | VALUES,
        "temperature": st.floats(-1, 3) | VALUES,
        "stream": st.booleans() | VALUES,
        "logprobs": VALUES,
    },
)


def check(body: bytes) -> None:
    try:
        asked = parse_chat_request(body, SETTINGS)
    except RefusedError as error:
        refusal = error
    else:
        check_within_limits(asked, msgspec.json.decode(body))
        return
    assert 400 <= refusal.status < 500
    assert len(refusal.message) < 500


def check_within_limits(asked: ChatRequest, given: dict[str, Any]) -> None:
    assert isinstance(asked, ChatRequest)
    assert 1 <= len(asked.messages) <= 3
    assert asked.messages[-1].role in ("user", "assistant")
    assert all(message.content.strip() for message in asked.messages)
    # Each question is limited, and questions in a row are one; an answer of its own the app takes back however long.
    questions = sum(message["role"] == "user" for message in given.get("messages") or [{"role": "user"}])
    characters = sum(len(message.content) for message in asked.messages if message.role == "user")
    assert characters <= 20 * questions + len("\n\n") * (questions - 1)
    assert all(message.role in ("user", "assistant") for message in asked.messages)
    assert asked.model == "m" or asked.model.startswith("mock")
    assert 1 <= asked.max_tokens <= 100
    assert asked.temperature is None or 0 <= asked.temperature <= MAX_TEMPERATURE


@given(st.binary())
def test_any_bytes(body: bytes) -> None:
    check(body)


@given(BODIES)
@example({"messages": [{"role": "user", "content": "0" * 20}] * 5})
@example({"messages": [{"role": "user", "content": "0"}, {"role": "assistant", "content": "0" * 21}]})
@example({"messages": [{"role": "user", "content": "0" * 21}]})
def test_anything_in_the_fields(body: dict[str, Any]) -> None:
    check(msgspec.json.encode(body))


@given(BODIES, st.integers(0, 400), st.integers(0, 3), st.binary(max_size=3))
def test_a_damaged_body(body: dict[str, Any], at: int, cut: int, junk: bytes) -> None:
    whole = msgspec.json.encode(body)
    check(whole[:at] + junk + whole[at + cut :])


@pytest.mark.parametrize("open_and_close", [(b"[", b"]"), (b'{"a":', b"}"), (b'{"prompt":', b"}")])
def test_a_body_of_endless_depth(open_and_close: tuple[bytes, bytes]) -> None:
    opening, closing = open_and_close
    check(opening * 100_000 + b"1" + closing * 100_000)
    check(opening * 100_000)


NUMBERS = st.floats(0, 1e9)
TIMINGS = st.builds(Timing, st.none() | NUMBERS, NUMBERS, st.none() | NUMBERS)
USAGES = st.none() | st.builds(Usage, st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
EVENTS = st.one_of(
    st.builds(Start, st.text(), st.text()),
    st.builds(Delta, st.text(min_size=1)),
    st.builds(Done, st.text(), USAGES, TIMINGS, st.none() | st.text()),
    st.builds(Failure, st.text(), st.text(), st.booleans(), st.text()),
    st.just(HEARTBEAT),
)
read: Any = msgspec.json.Decoder(Start | Delta | Done | Failure).decode


@given(st.lists(EVENTS))
def test_server_sent_events_can_be_read_back(events: list[Event]) -> None:
    body = b"".join(encode_sse(event) for event in events)
    # To a reader that knows every line end of Unicode, as to one that knows the three of the standard.
    lines = body.decode().splitlines()
    assert [line.encode() for line in lines] == body.split(b"\n")[:-1]
    said = [read(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert said == [event for event in events if event is not HEARTBEAT]


@given(st.lists(EVENTS))
def test_lines_of_json_can_be_read_back(events: list[Event]) -> None:
    lines = b"".join(encode_ndjson(event) for event in events).decode().splitlines()
    assert [read(line) for line in lines if line] == [event for event in events if event is not HEARTBEAT]


@given(st.lists(EVENTS))
def test_plain_text_is_the_text_and_is_cut_where_it_is_not_whole(events: list[Event]) -> None:
    sent = b""
    expected = ""
    for event in events:
        if isinstance(event, Failure) or (isinstance(event, Done) and event.reason):
            with pytest.raises(CutError):
                encode_text(event)
            break
        sent += encode_text(event)
        expected += event.text if isinstance(event, Delta) else ""
    assert sent.decode() == expected
