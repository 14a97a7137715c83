import pytest

from webapp.chat.events import HEARTBEAT, Delta, Done, Event, Failure, Start, Timing, Usage
from webapp.http.formats import STREAMED, CutError

NASTY = 'a\nb\r\n c\u2028d\x85e\u2029f \U0001f469‍\U0001f680\t"\\'
EVENTS: dict[str, tuple[Event, bytes]] = {
    "start": (Start("chat_1", "m"), b'{"type":"start","id":"chat_1","model":"m"}'),
    "delta": (
        Delta(NASTY),
        '{"type":"delta","text":"a\\nb\\r\\n c\\u2028d\\u0085e\\u2029f \U0001f469‍\U0001f680\\t\\"\\\\"}'.encode(),
    ),
    "done": (
        Done("stop", Usage(9, 800, 809), Timing(1031.2, 7310.0, 1030.1)),
        (
            b'{"type":"done","finish_reason":"stop",'
            b'"usage":{"prompt_tokens":9,"completion_tokens":800,"total_tokens":809},'
            b'"timing":{"first_token_ms":1031.2,"total_ms":7310.0,"upstream_first_token_ms":1030.1}}'
        ),
    ),
    "interrupted": (
        Done("interrupted", None, Timing(None, 5.0, None), reason="deadline"),
        (
            b'{"type":"done","finish_reason":"interrupted","usage":null,'
            b'"timing":{"first_token_ms":null,"total_ms":5.0,"upstream_first_token_ms":null},"reason":"deadline"}'
        ),
    ),
    "error": (
        Failure("upstream_timeout", "The model sent nothing for 60 seconds.", True, "r1"),
        (
            b'{"type":"error","code":"upstream_timeout","message":"The model sent nothing for 60 seconds.",'
            b'"retryable":true,"request_id":"r1"}'
        ),
    ),
}
UNFINISHED = ("error", "interrupted")


@pytest.mark.parametrize("name", EVENTS)
def test_server_sent_events_hold_one_object_on_one_data_line(name: str) -> None:
    event, json = EVENTS[name]
    assert STREAMED["text/event-stream"].encode(event) == b"data: " + json + b"\n\n"


@pytest.mark.parametrize("name", EVENTS)
def test_ndjson_holds_one_object_a_line(name: str) -> None:
    event, json = EVENTS[name]
    assert STREAMED["application/x-ndjson"].encode(event) == json + b"\n"


def test_text_is_the_deltas_alone() -> None:
    encode = STREAMED["text/plain"].encode
    written = b"".join(encode(event) for name, (event, _) in EVENTS.items() if name not in UNFINISHED)
    assert written == NASTY.encode()


@pytest.mark.parametrize("name", UNFINISHED)
def test_a_text_that_is_not_whole_is_cut(name: str) -> None:
    with pytest.raises(CutError):
        STREAMED["text/plain"].encode(EVENTS[name][0])


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [("text/event-stream", b": hb\n"), ("application/x-ndjson", b"\n"), ("text/plain", b"")],
)
def test_a_heartbeat_is_nothing_to_a_reader(media_type: str, expected: bytes) -> None:
    assert STREAMED[media_type].encode(HEARTBEAT) == expected
