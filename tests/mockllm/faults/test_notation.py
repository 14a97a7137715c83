import pytest

from mockllm.faults import FAULTS, Fault, fault_name, parse_fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("noop", Fault("noop")),
        ("noop@3", Fault("noop", 3)),
        ("reset@3.14", Fault("reset", 3, 14)),
        ("stall:300@2*1", Fault("stall", 2, None, 300, 1)),
        ("rate_limit", Fault("rate_limit", amount=1000)),
        ("rate_limit:5*2", Fault("rate_limit", amount=5, times=2)),
    ],
)
def test_what_is_written_is_read(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault
    assert fault_name(text) == fault.name
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize(
    "text", ["", "nope", "noop@", "noop@-1", "noop@1.", "noop@1.2.3", "noop 3", "noop*", "noop@x"]
)
def test_anything_else_is_refused_with_the_known_names(text: str) -> None:
    with pytest.raises(ValueError, match=r"one of the names .*noop"):
        parse_fault(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [("crlf@2", "token"), ("stall@2.5", "byte"), ("reset:20", "amount"), ("rate_limit@1", "token")],
)
def test_a_part_that_makes_no_sense_is_refused_with_the_faults_that_take_it(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=f"takes no {part}; those that do are .*"):
        parse_fault(text)


def test_every_fault_can_be_written_by_its_name_alone() -> None:
    assert [parse_fault(name).name for name in FAULTS] == list(FAULTS)
