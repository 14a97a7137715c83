"""Every fault of the mock in every format: exactly one end, the right one, and no wrong text called done."""

from __future__ import annotations

from dataclasses import dataclass

from loadtests.chat import BadAnswerError, Message, Question, texts_from_mock
from loadtests.proofs.finding import Finding, counted
from loadtests.rig import FORMATS, JSON, TEXT, Stream, Streams, terminals
from loadtests.stack import STEADY, Stack

AT_ONCE = 50
MODEL = "mock-ttft0-itl5-tokens20"
PROMPT = "Tell me about faults"
PATIENCE_SECONDS = 30.0
IMPATIENT = {
    **STEADY,
    "CHAT_HEARTBEAT_SECONDS": "0.3",
    "CHAT_FIRST_TOKEN_TIMEOUT_SECONDS": "6",
    "CHAT_TOKEN_TIMEOUT_SECONDS": "1.2",
    "CHAT_TOTAL_TIMEOUT_SECONDS": "9",
}


@dataclass(frozen=True)
class Expected:
    """How an answer must end: with this finish_reason, or with this code, and before the first byte so."""

    finish_reason: str = ""
    code: str = ""
    status: int = 200


_DONE = Expected("stop")
_BROKEN_OFF = Expected(code="upstream_broken_off", status=502)

FAULTS: dict[str, Expected] = {
    "noop": _DONE,
    "rate_limit:10*1": _DONE,
    "rate_limit:10": Expected(code="upstream_rate_limited", status=503),
    "quota_exceeded": Expected(code="upstream_quota_exceeded", status=503),
    "server_error": Expected(code="upstream_failed", status=502),
    "overloaded": Expected(code="upstream_overloaded", status=503),
    "bad_key": Expected(code="upstream_key_refused", status=502),
    "context_length": Expected(code="context_length_exceeded", status=400),
    "content_filter": Expected(code="content_filtered", status=400),
    "content_filter@10": Expected("content_filter"),
    "slow_headers:500": _DONE,
    "slow_headers:9000": Expected(code="upstream_first_token_timeout", status=504),
    "stall": Expected(code="upstream_first_token_timeout", status=504),
    "stall@10": Expected(code="upstream_timeout", status=504),
    "stall:500@10": _DONE,
    # Bytes are no tokens: the limit on silence is on the model's, not the connection's.
    "trickle@10": Expected(code="upstream_timeout", status=504),
    "trickle:1@18": _DONE,
    "reset": _BROKEN_OFF,
    "reset@10": _BROKEN_OFF,
    "reset@10.40": _BROKEN_OFF,
    "close@10": _BROKEN_OFF,
    "truncate": _BROKEN_OFF,
    "truncate@10": _BROKEN_OFF,
    "late_end": _DONE,
    "endless": Expected(code="upstream_total_timeout", status=504),
    "error_event@10": Expected(code="upstream_failed", status=502),
    "malformed@10": Expected(code="upstream_malformed", status=502),
    "split": _DONE,
    "split@10.7": _DONE,
    "glue:5": _DONE,
    "crlf": _DONE,
    "comments": _DONE,
    "no_space": _DONE,
    "empty_choices@10": _DONE,
}


def prove() -> list[Finding]:
    problems: dict[str, dict[str, int]] = {}
    with Stack(env=IMPATIENT) as stack:
        text = expected_text(stack)
        for fault in FAULTS:
            problems.update(wrong_answers(stack.port, fault, text, AT_ONCE))
    total = len(FAULTS) * len(FORMATS) * AT_ONCE
    wrong = sum(sum(found.values()) for found in problems.values())
    return [
        Finding(
            f"{len(FAULTS)} faults × {len(FORMATS)} formats, {AT_ONCE} of each at once",
            "0 hangs, 0 without or with two terminal objects, 0 wrong texts called done",
            f"{total - wrong} of {total} ended as they should",
            not problems,
            {"problems": problems},
        )
    ]


def expected_text(stack: Stack) -> str:
    """What the mock answers where nothing goes wrong."""
    question = Question((Message("user", PROMPT),))
    return texts_from_mock(stack.mock_url, [question], MODEL)[question]


def wrong_answers(port: int, fault: str, text: str, at_once: int) -> dict[str, dict[str, int]]:
    """What was wrong with the answers of this fault, by format; nothing if all was well."""
    problems = {}
    with Streams(port) as streams:
        opened = [
            streams.ask(f"{MODEL}-{fault}", PROMPT, accept) for accept in FORMATS for _ in range(at_once)
        ]
        streams.read_to_end(opened, PATIENCE_SECONDS)
        for accept in FORMATS:
            answers = [stream for stream in opened if stream.accept == accept]
            if found := counted(filter(None, (complaint(answer, FAULTS[fault], text) for answer in answers))):
                problems[f"{fault} as {accept}"] = found
    return problems


def complaint(stream: Stream, expected: Expected, text: str) -> str:
    """What is wrong with an answer, if anything."""
    try:
        if not stream.ended_at:
            return "hangs"
        if stream.accept == JSON:
            return _complaint_of_object(stream, expected, text)
        if stream.accept == TEXT:
            return _complaint_of_text(stream, expected, text)
        return _complaint_of_stream(stream, expected, text)
    except BadAnswerError as error:
        return str(error)


def _complaint_of_stream(stream: Stream, expected: Expected, text: str) -> str:
    ends = terminals(stream)
    if stream.status != 200 or not stream.whole or len(ends) != 1:
        return f"status {stream.status}, {'whole' if stream.whole else 'cut'}, {len(ends)} terminal objects"
    came = ends[0].get("finish_reason") or ends[0].get("code")
    if came != (expected.finish_reason or expected.code):
        return f"ended with {came}"
    return _complaint_about(stream.text(), expected, text)


def _complaint_of_text(stream: Stream, expected: Expected, text: str) -> str:
    if stream.status != 200 or stream.whole == bool(expected.code):
        return f"status {stream.status}, {'whole' if stream.whole else 'cut'}"
    return _complaint_about(stream.text(), expected, text)


def _complaint_of_object(stream: Stream, expected: Expected, text: str) -> str:
    (answer,) = stream.objects()
    error = answer.get("error")
    came = str(error.get("code") if isinstance(error, dict) else answer.get("finish_reason"))
    if not stream.whole or stream.status != expected.status:
        return f"status {stream.status} with {came}"
    if came != (expected.finish_reason or expected.code):
        return f"ended with {came}"
    return "" if expected.code else _complaint_about(stream.text(), expected, text)


def _complaint_about(came: str, expected: Expected, text: str) -> str:
    """A whole text must be the expected one; another its beginning, or begin with it if it has no end."""
    if expected.finish_reason == "stop":
        return "" if came == text else "wrong text"
    return "" if text.startswith(came) or came.startswith(text) else "wrong beginning"
