import random
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from loadtests.chat import Timing
from loadtests.load.diffing.command import diff
from loadtests.load.diffing.differences import differences
from loadtests.load.judging.verdict import INVALID, MET, MISSED
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, write


def records(count: int, added: float = 0.0, seed: int = 1) -> list[Record]:
    """Answers of a first token after some 300 ms and gaps of some 20 ms."""
    choices = random.Random(seed)
    found = []
    for number in range(count):
        ttft = 0.3 + choices.expovariate(200) + added
        gaps = tuple(0.02 + choices.expovariate(1000) for _ in range(10))
        timing = Timing(ttfb=0.01, ttft=ttft, itl=gaps, tpot=sum(gaps) / 10, total=ttft + sum(gaps))
        found.append(
            Record(request_id=str(number), mode="/chat streaming", outcome=RIGHT, sent=1.0, timing=timing)
        )
    return found


def run(
    folder: Path, name: str, answers: list[Record], doubts: tuple[str, ...] = (), model: str = "mock"
) -> str:
    (folder / name).mkdir()
    (folder / name / "answers.jsonl").write_bytes(msgspec.json.Encoder().encode_lines(answers))
    write(replace(NOTHING, doubts=doubts, about={"model": model}), folder / name / "summary.json")
    return str(folder / name)


def compared(*arguments: str) -> Result:
    return CliRunner().invoke(diff, arguments)


def test_fifty_milliseconds_on_each_first_token_are_found_and_nothing_else() -> None:
    found = list(differences(records(200), records(200, 0.05, seed=2)))
    certain = {each.metric for each in found if each.is_certain and abs(each.after - each.before) > 1}
    assert certain == {"TTFT", "total"}
    (ttft,) = (each for each in found if (each.metric, each.share) == ("TTFT", 0.5))
    assert ttft.interval
    assert ttft.interval[0] < 50 < ttft.interval[1]
    assert ttft.after - ttft.before == pytest.approx(50, abs=5)


def test_of_few_answers_there_is_no_interval() -> None:
    intervals = {each.share: each.interval for each in differences(records(71), records(71))}
    assert intervals[0.5]
    assert intervals[0.95] is None


@pytest.mark.thorough
def test_the_exit_code_says_what_became_of_it(tmp_path: Path) -> None:
    good, slow = run(tmp_path, "good", records(100)), run(tmp_path, "slow", records(100, 0.05))
    assert compared(good, good).exit_code == MET
    worse = compared(good, slow)
    assert worse.exit_code == MISSED
    assert "Worse: /chat streaming TTFT p50" in worse.output
    assert compared(slow, good).exit_code == MET
    assert compared(good, slow, "--worse-than", "50").exit_code == MET


def test_an_invalid_run_proves_nothing(tmp_path: Path) -> None:
    good = run(tmp_path, "good", records(100))
    starved = run(tmp_path, "starved", records(100, 0.05), ("the load generator waited",))
    said = compared(good, starved)
    assert said.exit_code == INVALID
    assert "INVALID: " in said.output


def test_what_cannot_be_compared_is_said_in_one_line(tmp_path: Path) -> None:
    good, empty = run(tmp_path, "good", records(10)), run(tmp_path, "empty", [])
    assert compared(good, empty).exit_code == INVALID
    (tmp_path / "bad.jsonl").write_text("{}\n")
    bad = compared(good, str(tmp_path / "bad.jsonl"))
    assert (bad.exit_code, "bad.jsonl: " in bad.output) == (1, True)


def test_runs_that_were_not_asked_alike_are_said_to_be(tmp_path: Path) -> None:
    one, other = run(tmp_path, "one", records(10)), run(tmp_path, "other", records(10), model="mock-itl5")
    assert "Unlike: model: mock before, mock-itl5 after" in compared(one, other).output
    assert "Unlike" not in compared(one, one).output


def test_more_wrong_answers_are_worse_however_fast(tmp_path: Path) -> None:
    wrong = Record(request_id="", mode="/chat streaming", outcome="wrong text", sent=1.0)
    good, bad = run(tmp_path, "good", records(19)), run(tmp_path, "bad", [*records(19), wrong])
    came = compared(good, bad)
    assert (came.exit_code, "Wrong answers: 0.00% before, 5.00% after" in came.output) == (MISSED, True)
    assert compared(bad, good).exit_code == MET
