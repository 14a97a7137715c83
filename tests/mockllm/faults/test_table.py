"""What each fault makes of a reply: streamed in chunks, streamed in typed events, and unstreamed."""

import json
from collections.abc import Callable
from itertools import islice, pairwise

import pytest

from mockllm.faults import apply, parse_fault
from mockllm.values.errors import ApiError
from mockllm.values.reply import Failure, Reply, Send, whole

ROLE = b'data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n'
FINISH = b'data: {"choices":[{"finish_reason":"stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"


def token(text: str) -> bytes:
    return b'data: {"choices":[{"delta":{"content":"%b"}}]}\n\n' % text.encode()


TOKENS = [token("a"), token("日"), token("c")]


def stream() -> Reply:
    """Plan three tokens at 1.0, 1.5 and 2.0 seconds, the role before the first and the end with the last."""
    sends = [
        Send(1.0, ROLE, None), Send(1.0, TOKENS[0], 0), Send(1.5, TOKENS[1], 1), Send(2.0, TOKENS[2], 2),
        Send(2.0, FINISH, None), Send(2.0, DONE, None),
    ]  # fmt: skip
    return Reply(200, (), iter(sends))


def answer() -> Reply:
    return whole(200, (), b'{"choices":[{"text":"abc"}],"id":"x"}', due=2.0, tokens=3)


def changed(fault: str, reply: Reply | None = None) -> Reply:
    return apply(parse_fault(fault), reply or stream())


def bodies(reply: Reply) -> list[bytes]:
    return [send.data for send in reply.sends]


def test_noop_changes_nothing() -> None:
    reply = stream()
    assert changed("noop@1.2", reply) is reply
    assert apply(None, reply) is reply


@pytest.mark.parametrize(
    ("fault", "status", "kind", "code"),
    [
        ("rate_limit", 429, "requests", "rate_limit_exceeded"),
        ("quota_exceeded", 429, "insufficient_quota", "insufficient_quota"),
        ("server_error", 500, "server_error", None),
        ("overloaded", 503, "server_error", "overloaded"),
        ("bad_key", 401, "invalid_request_error", "invalid_api_key"),
        ("context_length", 400, "invalid_request_error", "context_length_exceeded"),
        ("content_filter", 400, "invalid_request_error", "content_filter"),
    ],
)
@pytest.mark.parametrize("make", [stream, answer])
def test_refusals(fault: str, status: int, kind: str, code: str | None, make: Callable[[], Reply]) -> None:
    with pytest.raises(ApiError) as caught:
        changed(fault, make())
    assert (caught.value.status, caught.value.kind, caught.value.code) == (status, kind, code)


def test_a_rate_limit_says_how_long_to_wait() -> None:
    with pytest.raises(ApiError) as caught:
        changed("rate_limit:1500")
    headers = dict(caught.value.headers)
    assert (headers["retry-after"], headers["retry-after-ms"]) == ("2", "1500")


@pytest.mark.parametrize(
    ("fault", "sent", "due"),
    [
        ("reset", [], 1.0),
        ("reset@0", [ROLE], 1.0),
        ("reset@1", [ROLE, TOKENS[0]], 1.5),
        ("reset@1.7", [ROLE, TOKENS[0], TOKENS[1][:7]], 1.5),
        ("reset@9", [ROLE, *TOKENS, FINISH, DONE], 2.0),
    ],
)
def test_a_cut_strikes_in_place_of_the_token(fault: str, sent: list[bytes], due: float) -> None:
    reset, close = changed(fault), changed(fault.replace("reset", "close"))
    assert bodies(reset) == bodies(close) == sent
    assert (reset.ending, close.ending, close.end_due) == ("reset", "close", due)
    assert reset.end_due > due


def test_an_unstreamed_answer_is_cut_at_a_byte() -> None:
    reply = changed("close@1.5", answer())
    assert (bodies(reply), reply.length) == ([b'{"cho'], 37)
    assert bodies(changed("reset", answer())) == []


def test_truncate_ends_properly_but_too_early() -> None:
    assert bodies(changed("truncate")) == [ROLE, *TOKENS]
    assert bodies(changed("truncate@1")) == [ROLE, TOKENS[0]]
    assert bodies(changed("truncate@1.3")) == [ROLE, TOKENS[0], b"dat"]
    assert changed("truncate").ending == "complete"
    half = changed("truncate", answer())
    assert (bodies(half), half.length) == ([b'{"choices":[{"text'], 18)


def test_late_end() -> None:
    reply = changed("late_end")
    assert (bodies(reply), reply.end_due) == ([ROLE, *TOKENS, FINISH, DONE], 2.3)


def test_endless_text_repeats_itself_at_its_own_pace() -> None:
    sends = list(islice(changed("endless").sends, 9))
    assert [send.data for send in sends] == [ROLE, *TOKENS, *TOKENS, *TOKENS[:2]]
    assert [send.due for send in sends[3:]] == [2.0, 2.5, 3.0, 3.5, 4.0, 4.5]
    assert [send.token for send in sends] == [None, 0, 1, 2, 3, 4, 5, 6, 7]


def test_an_endless_unstreamed_answer_is_blank() -> None:
    reply = changed("endless", answer())
    assert (reply.length, {send.data for send in islice(reply.sends, 5)}) == (None, {b" "})


def test_delays_shift_what_comes_after_them() -> None:
    slow = changed("slow_headers:500")
    assert (slow.head_due, [send.due for send in slow.sends]) == (0.5, [1.5, 1.5, 2.0, 2.5, 2.5, 2.5])
    stalled = changed("stall:500@1")
    assert (stalled.head_due, [send.due for send in stalled.sends]) == (0, [1.0, 1.0, 2.0, 2.5, 2.5, 2.5])
    assert next(iter(changed("stall:500").sends)).due == 1.5
    unstreamed = changed("stall:500", answer())
    assert (unstreamed.head_due, [send.due for send in unstreamed.sends]) == (2.5, [2.5])


def test_trickle_sends_byte_by_byte() -> None:
    sends = list(changed("trickle:10@2").sends)
    tail = TOKENS[2] + FINISH + DONE
    assert [send.data for send in sends[3:]] == [tail[index : index + 1] for index in range(len(tail))]
    assert all(later.due > sooner.due for sooner, later in pairwise(sends[3:]))
    assert [send.token for send in sends if send.token is not None] == [0, 1, 2]


def test_split_cuts_inside_characters_and_keeps_the_bytes() -> None:
    sends = list(changed("split@1").sends)
    assert b"".join(send.data for send in sends) == b"".join([ROLE, *TOKENS, FINISH, DONE])
    pieces = [send for send in sends if 1.5 <= send.due < 2.0]
    assert sum(is_no_text(piece.data) for piece in pieces) >= 2
    assert len({piece.due for piece in pieces}) == len(pieces) == 7
    assert [send.data for send in sends[:2]] == [ROLE, TOKENS[0]]


def is_no_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def test_split_at_a_byte_cuts_once() -> None:
    assert bodies(changed("split@1.20"))[2:4] == [TOKENS[1][:20], TOKENS[1][20:]]


def test_glue_waits_for_the_last_of_each_group() -> None:
    sends = list(changed("glue:2@0").sends)
    assert sends == [
        Send(1.0, ROLE, None), Send(1.5, TOKENS[0] + TOKENS[1], 1), Send(2.0, TOKENS[2] + FINISH, 2), Send(2.0, DONE, None),
    ]  # fmt: skip
    assert len(bodies(changed("glue:99"))) == 1


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        ("crlf", ROLE.replace(b"\n", b"\r\n")),
        ("comments", b": MOCK PROCESSING\n\n:\n" + ROLE),
        ("no_space", ROLE.replace(b"data: ", b"data:")),
    ],
)
def test_other_forms_of_lines(fault: str, first: bytes) -> None:
    assert bodies(changed(fault))[0] == first
    assert bodies(changed(fault, answer())) == bodies(answer())


def test_malformed_json_in_the_middle_of_a_stream() -> None:
    sent = bodies(changed("malformed@1"))
    assert sent[:2] + sent[3:] == [ROLE, TOKENS[0], TOKENS[2], FINISH, DONE]
    assert TOKENS[1].startswith(sent[2][:-2])
    with pytest.raises(json.JSONDecodeError):
        json.loads(sent[2][6:])
    assert bodies(changed("malformed@1.12"))[2] == TOKENS[1][:12] + b"\n\n"
    assert changed("malformed", answer()).length == 18


def test_an_error_event_ends_the_stream() -> None:
    *before, error = bodies(changed("error_event@1"))
    assert before == [ROLE, TOKENS[0]]
    assert json.loads(error[6:])["error"]["code"] == "server_error"
    unstreamed = changed("error_event", answer())
    (body,) = bodies(unstreamed)
    assert (unstreamed.status, unstreamed.length, set(json.loads(body))) == (200, len(body), {"error"})


def test_an_error_among_typed_events_is_what_the_api_says_and_numbered_like_them() -> None:
    event = b'event: response.output_text.delta\ndata: {"type":"x","sequence_number":7}\n\n'
    failure = Failure(body=b"", event=b'event: error\ndata: {"sequence_number":%d}\n\n')
    reply = Reply(200, (), [Send(0, event, 0)], failure=failure)
    assert bodies(changed("error_event", reply)) == [b'event: error\ndata: {"sequence_number":7}\n\n']


def test_a_chunk_without_choices() -> None:
    empty = b'data: {"choices":[]}\n\n'
    assert bodies(changed("empty_choices"))[:2] == [empty, ROLE]
    assert bodies(changed("empty_choices@1"))[2:4] == [empty, TOKENS[1]]
    assert bodies(changed("empty_choices", answer())) == [b'{"choices":[],"id":"x"}']
    typed = [Send(0, b'event: x\ndata: {"type":"x"}\n\n', 0)]
    assert bodies(changed("empty_choices", Reply(200, (), typed))) == [typed[0].data]


@pytest.mark.parametrize(
    "fault", ["malformed", "error_event", "empty_choices", "glue", "split", "stall", "trickle"]
)
def test_a_token_that_never_comes(fault: str) -> None:
    assert bodies(changed(f"{fault}@50"))[:6] == [ROLE, *TOKENS, FINISH, DONE]
