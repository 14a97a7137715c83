import pytest

from webapp.chat.events import Delta, Done, Event, Failure, Start, Timing, Usage
from webapp.chat.messages import ChatRequest, Message
from webapp.limits.counters import Count
from webapp.limits.meter import Meter, prompt_tokens
from webapp.relay import Progress

START = Start("chat_1", "m")
TIMING = Timing(1.0, 2.0, 1.0)
FAILURE = Failure("upstream_failed", "It failed.", True, "1")


REFUSED = Failure("upstream_rate_limited", "Not so fast.", True, "1")
BROKEN = Failure("upstream_broken_off", "It broke off.", True, "1")
STOP, CUT = Done("stop", None, TIMING), Done("interrupted", None, TIMING, "shutdown")


@pytest.mark.parametrize(
    ("events", "usage", "used"),
    [
        ([START, Delta("Hi"), STOP], Usage(10, 20, 30), 30),
        # More than was thought possible is charged as well, up to what can only be a mistake.
        ([START, Delta("Hi"), STOP], Usage(900, 200, 1100), 1100),
        ([START, Delta("Hi"), STOP], Usage(0, 9 * 10**18, 9 * 10**18), 10_000),
        # No usage: the prompt as it was estimated, and four bytes a token.
        ([START, Delta("12345678"), Delta("1"), STOP], None, 7 + 3),
        ([START, Delta("漢字"), FAILURE], None, 7 + 2),
        # One that came before a cut counts, unless more has come since.
        ([START, Delta("Hi"), BROKEN], Usage(10, 20, 30), 30),
        ([START, Delta("Hi"), CUT], Usage(10, 20, 30), 30),
        ([START, Delta("Hi")], Usage(10, 20, 30), 30),
        ([START, Delta("12345678"), BROKEN], Usage(10, 1, 11), 10 + 2),
        # What was refused before anything came of it cost nothing.
        ([START, FAILURE], None, 0),
        ([START, REFUSED], None, 0),
        ([], None, 0),
        ([START, BROKEN], None, 7),
        # Left in silence: who knows what the model has thought.
        ([START], None, 1000),
        ([START, CUT], None, 1000),
        # A usage that makes no sense is none.
        ([START, STOP], Usage(0, 0, 0), 7),
        ([START, STOP], Usage(-5, 0, -5), 7),
    ],
)
def test_an_answer_is_settled_by_what_it_used(events: list[Event], usage: Usage | None, used: int) -> None:
    corrections: list[int] = []
    count = Count(1000, False, corrections.append)
    meter = Meter(prompt_tokens=7, reserved=1000, counts=[count, count])
    meter.seen = Progress(usage=usage)
    assert list(meter.measured(iter(events))) == events
    meter.settle()
    assert corrections == [used - 1000, used - 1000]


def test_the_prompt_is_estimated_by_its_bytes() -> None:
    messages = (Message("user", "12345"), Message("user", "漢字漢字"))
    assert prompt_tokens(ChatRequest(messages, "m", 10, None, True)) == (4 + 2) + (4 + 3)
