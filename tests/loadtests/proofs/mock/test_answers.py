import pytest

from loadtests.proofs.mock.answers import Answer, complaint

WHOLE = Answer(200, b"one two three", "whole")
RESET = Answer(200, b"one two", "reset")


@pytest.mark.parametrize(
    ("came", "alone"),
    [
        (WHOLE, WHOLE),
        (Answer(200, b"one", "left"), WHOLE),
        (Answer(200, b"one", "reset"), RESET),
        (Answer(429, b'{"request_id":"req_1"}', "whole"), Answer(429, b'{"request_id":"req_2"}', "whole")),
        (Answer(429, b'{"request_id":"re', "left"), Answer(429, b'{"request_id":"req_2"}', "whole")),
        (Answer(0, b"", "reset"), RESET),
        (Answer(200, b"one two", "cut"), Answer(200, b"one two", "cut")),
    ],
)
def test_what_is_as_planned_is_not_complained_of(came: Answer, alone: Answer) -> None:
    assert complaint(came, alone) == ""


@pytest.mark.parametrize(
    ("came", "alone", "told"),
    [
        (Answer(200, b"one two", "hung"), WHOLE, "hung after 7 bytes"),
        (Answer(500, b"", "whole"), WHOLE, "status 500 in place of 200"),
        (Answer(200, b"one two thre", "whole"), WHOLE, "other bytes: 12 came, 13 are planned"),
        (Answer(200, b"One", "left"), WHOLE, "other bytes: 3 came, 13 are planned"),
        (Answer(200, b"one two three", "cut"), WHOLE, "ended cut in place of whole"),
        (Answer(200, b"one two", "whole"), RESET, "ended whole in place of reset"),
        (RESET, WHOLE, "other bytes: 7 came, 13 are planned"),
    ],
)
def test_each_way_to_break_a_plan_is_found(came: Answer, alone: Answer, told: str) -> None:
    assert complaint(came, alone) == told
