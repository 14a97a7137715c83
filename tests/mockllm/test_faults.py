import pytest

from mockllm.faults import Fault, apply, parse_fault
from mockllm.plan import whole


@pytest.mark.parametrize(
    ("text", "fault"),
    [("noop", Fault("noop")), ("noop@3", Fault("noop", 3)), ("noop@3.14", Fault("noop", 3, 14))],
)
def test_positions(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["", "nope", "noop@", "noop@-1", "noop@1.", "noop@1.2.3", "noop 3"])
def test_anything_else_is_refused_with_the_known_names(text: str) -> None:
    with pytest.raises(ValueError, match=r"one of the names .*noop"):
        parse_fault(text)


def test_noop_changes_nothing() -> None:
    reply = whole(200, (), b"text")
    assert apply(Fault("noop"), reply) is reply
    assert apply(None, reply) is reply
