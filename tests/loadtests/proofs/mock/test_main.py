from dataclasses import replace

from loadtests.proofs.mock.__main__ import SHOWN, Kept, Tally, kept_of, verdict
from loadtests.proofs.mock.answers import Answer
from loadtests.proofs.mock.asking import FAULTS, Asked, drawn

ASKED = Asked("/v1/chat/completions", b"{}", "crlf")
RIGHT = Answer(200, b"one", "whole")
FLAT = Kept(0.2e6, 0)


def tally(*came: Answer) -> Tally:
    told = Tally()
    for each in came:
        told.add(ASKED, each, RIGHT)
    return told


def test_answers_as_planned_and_flat_figures_hold() -> None:
    assert verdict(tally(RIGHT, replace(RIGHT, ending="left")), Kept(1.9e6, 0)) == []


def test_planted_faults_are_found() -> None:
    wrong = tally(*[Answer(200, b"two", "whole")] * (SHOWN + 2))
    problems = verdict(wrong, Kept(2.5e6, 2))
    assert problems[0] == "/v1/chat/completions crlf: other bytes: 3 came, 3 are planned: {}"
    assert problems[SHOWN:] == [
        "... and 2 more",
        "memory grew by 2.5 MB from one half to the other (limit 2 MB)",
        "2 files are still open",
    ]
    assert verdict(tally(), FLAT) == ["no answer came whole"]


def test_the_same_seed_draws_the_same_of_every_kind() -> None:
    requests = drawn(1, 400)
    assert requests == drawn(1, 400)
    assert requests != drawn(2, 400)
    assert {request.fault for request in requests} == {*FAULTS, ""}
    assert len({request.path for request in requests}) == 6


def test_kept_is_what_there_is_more_of_than_before() -> None:
    assert kept_of([1.0, 1.0, 4.0, 4.0], 12, 14) == Kept(3.0, 2)
