from dataclasses import replace

from loadtests.proofs.mock.__main__ import SHOWN, Held, Tally, verdict
from loadtests.proofs.mock.answers import Answer
from loadtests.proofs.mock.asking import FAULTS, Asked, drawn

ASKED = Asked("/v1/chat/completions", b"{}", "crlf")
RIGHT = Answer(200, b"one", "whole")
HELD = Held(50e6, 40)


def tally(*came: Answer) -> Tally:
    told = Tally()
    for each in came:
        told.add(ASKED, each, RIGHT)
    return told


def test_answers_as_planned_and_flat_figures_hold() -> None:
    assert verdict(tally(RIGHT, replace(RIGHT, ending="left")), HELD, Held(59e6, 40)) == []


def test_planted_faults_are_found() -> None:
    wrong = tally(*[Answer(200, b"two", "whole")] * (SHOWN + 2))
    problems = verdict(wrong, HELD, Held(61e6, 42))
    assert problems[0] == "/v1/chat/completions crlf: other bytes: 3 came, 3 are planned: {}"
    assert problems[SHOWN:] == [
        "... and 2 more",
        "memory grew by 11.0 MB (limit 10 MB)",
        "2 files are still open",
    ]
    assert verdict(tally(), HELD, HELD) == ["no answer came whole"]


def test_the_same_seed_draws_the_same_of_every_kind() -> None:
    requests = drawn(1, 400)
    assert requests == drawn(1, 400)
    assert requests != drawn(2, 400)
    assert {request.fault for request in requests} == {*FAULTS, ""}
    assert len({request.path for request in requests}) == 6
