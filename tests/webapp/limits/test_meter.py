import pytest

from webapp.chat.events import Delta, Done, Event, Failure, Start, Timing, Usage
from webapp.chat.messages import ChatRequest, Message
from webapp.limits.counters import Count
from webapp.limits.meter import Meter, prompt_tokens

START = Start("chat_1", "m")
TIMING = Timing(1.0, 2.0, 1.0)
FAILURE = Failure("upstream_failed", "It failed.", True, "1")


@pytest.mark.parametrize(
    ("events", "correction"),
    [
        ([START, Delta("Hi"), Done("stop", Usage(10, 20, 30), TIMING)], 30 - 1000),
        # More than was thought possible is charged as well.
        ([START, Delta("Hi"), Done("stop", Usage(900, 200, 1100), TIMING)], 100),
        # No usage: the prompt as it was estimated, and four bytes a token.
        ([START, Delta("12345678"), Delta("1"), Done("stop", None, TIMING)], 7 + 3 - 1000),
        ([START, Delta("漢字"), FAILURE], 7 + 2 - 1000),
        ([START, FAILURE], 7 - 1000),
        # Left in silence: who knows what the model has thought.
        ([START], 0),
        ([], 7 - 1000),
        # A usage that makes no sense is none.
        ([START, Done("stop", Usage(0, 0, 0), TIMING)], 7 - 1000),
        ([START, Done("stop", Usage(-5, 0, -5), TIMING)], 7 - 1000),
    ],
)
def test_an_answer_is_settled_by_what_it_used(events: list[Event], correction: int) -> None:
    corrections: list[int] = []
    count = Count(1000, False, corrections.append)
    meter = Meter(prompt_tokens=7, reserved=1000, counts=[count, count])
    assert list(meter.measured(iter(events))) == events
    meter.settle()
    assert corrections == [correction, correction]


def test_the_prompt_is_estimated_by_its_bytes() -> None:
    messages = (Message("user", "12345"), Message("user", "漢字漢字"))
    assert prompt_tokens(ChatRequest(messages, "m", 10, None, True)) == (4 + 2) + (4 + 3)
