"""Every fault of the mock in every format: exactly one end, the right one, and no wrong text called done."""

from __future__ import annotations

from loadtests.chat import text_from_mock
from loadtests.proofs.finding import Finding, counted
from loadtests.rig import FORMATS, WHOLE, Expected, Streams, complaint
from loadtests.stack import STEADY, Stack

AT_ONCE = 50
MODEL = "mock-ttft0-itl5-tokens20"
PROMPT = "Tell me about faults"
PATIENCE_SECONDS = 30.0
IMPATIENT = {
    **STEADY,
    "CHAT_HEARTBEAT_SECONDS": "0.3",
    "CHAT_FIRST_TOKEN_TIMEOUT_SECONDS": "6",
    "CHAT_TOKEN_TIMEOUT_SECONDS": "2.5",
    "CHAT_TOTAL_TIMEOUT_SECONDS": "9",
}


_BROKEN_OFF = Expected(code="upstream_broken_off", status=502)

FAULTS: dict[str, Expected] = {
    "noop": WHOLE,
    "rate_limit:10*1": WHOLE,
    "rate_limit:10": Expected(code="upstream_rate_limited", status=503),
    "quota_exceeded": Expected(code="upstream_quota_exceeded", status=503),
    "server_error": Expected(code="upstream_failed", status=502),
    "overloaded": Expected(code="upstream_overloaded", status=503),
    "bad_key": Expected(code="upstream_key_refused", status=502),
    "context_length": Expected(code="context_length_exceeded", status=400),
    "content_filter": Expected(code="content_filtered", status=400),
    "content_filter@10": Expected("content_filter"),
    "slow_headers:500": WHOLE,
    "slow_headers:9000": Expected(code="upstream_first_token_timeout", status=504),
    "stall": Expected(code="upstream_first_token_timeout", status=504),
    "stall@10": Expected(code="upstream_timeout", status=504),
    "stall:500@10": WHOLE,
    # Bytes are no tokens: the limit on silence is on the model's, not the connection's.
    "trickle:20@10": Expected(code="upstream_timeout", status=504),
    "trickle:1@18": WHOLE,
    "reset": _BROKEN_OFF,
    "reset@10": _BROKEN_OFF,
    "reset@10.40": _BROKEN_OFF,
    "close@10": _BROKEN_OFF,
    "truncate": _BROKEN_OFF,
    "truncate@10": _BROKEN_OFF,
    "late_end": WHOLE,
    "endless": Expected(code="upstream_total_timeout", status=504),
    "error_event@10": Expected(code="upstream_failed", status=502),
    "malformed@10": Expected(code="upstream_malformed", status=502),
    "split": WHOLE,
    "split@10.7": WHOLE,
    "glue:5": WHOLE,
    "crlf": WHOLE,
    "comments": WHOLE,
    "no_space": WHOLE,
    "empty_choices@10": WHOLE,
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


def expected_text(stack: Stack, model: str = MODEL, prompt: str = PROMPT) -> str:
    """What the mock answers where nothing goes wrong."""
    return text_from_mock(stack.mock_url, prompt, model)


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
