from dataclasses import replace
from pathlib import Path

import pytest

from loadtests.chat import Timing
from loadtests.load import read_limits
from loadtests.load.judging.limits import Limits, LimitsError, answers_needed, gates, good_answers
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, Gate, Row
from loadtests.rig import ROOT

ROW = Row("/chat streaming", "TTFT", 100, 310.0, 350.0, None, 360.0)
REPORT = replace(NOTHING, asked=10, right=8, wrong=2, seconds=4.0, timed=8, good=6, rows=(ROW,))


def limits(folder: Path, text: str) -> Limits:
    (folder / "limits.toml").write_text(text)
    return read_limits(folder / "limits.toml")


def gates_of(folder: Path, text: str) -> list[Gate]:
    return list(gates(REPORT, limits(folder, text)))


def test_the_limits_of_make_loadtest_can_be_read() -> None:
    assert read_limits(ROOT / "loadtests" / "limits.toml").run["wrong_share"] == 0


def test_each_limit_beside_what_came(tmp_path: Path) -> None:
    text = """
        [run]
        wrong_share = 0.1
        rate = 2
        good_share = 0.75
        good_rate = 1.6
        [streaming]
        TTFT.p50_ms = 310
        TTFT.max_ms = 350
    """
    assert gates_of(tmp_path, text) == [
        Gate("wrong_share", 0.1, 0.2, is_met=False),
        Gate("rate", 2, 2.0, is_met=True),
        Gate("good_share", 0.75, 0.75, is_met=True),
        Gate("good_rate", 1.6, 1.5, is_met=False),
        Gate("streaming TTFT p50 in ms", 310, 310.0, is_met=True),
        Gate("streaming TTFT max in ms", 350, 360.0, is_met=False),
    ]


def test_a_limit_without_a_figure_is_not_met(tmp_path: Path) -> None:
    few, nothing = gates_of(tmp_path, "[streaming]\nTTFT.p99_ms = 9e9\n[blocking]\ntotal.p50_ms = 9e9\n")
    assert (few.is_met, few.why) == (False, "100 values, 368 needed")
    assert (nothing.is_met, nothing.why) == (False, "not measured")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[run]\nspeed = 1", "'speed'"),
        ("[streaming]\nTTTF.p50_ms = 1", "'TTTF'"),
        ("[streaming]\nTTFT.p98_ms = 1", "'p98_ms'"),
        ("[good.streaming]\nTTFT = 1", "'TTFT'"),
        (
            "[streaming]\nTTFT.p50_ms = 'fast'",
            r"\[streaming\] TTFT.p50_ms: expected a number from 0 up, got 'fast'",
        ),
        ("[streaming]\nTTFT.p50_ms = nan", "expected a number from 0 up, got nan"),
        ("[streaming]\nTTFT.p50_ms = inf", "expected a number from 0 up, got inf"),
        ("[streaming]\nTTFT.p50_ms = true", "expected a number from 0 up, got True"),
        ("[streaming]\nTTFT = 5", r"\[streaming\] TTFT: expected a table with p50_ms or .*, got 5"),
        ("[run]\nwrong_share = -1", r"\[run\] wrong_share: expected a number from 0 to 1, got -1"),
        ("[run]\ngood_share = 95", r"\[run\] good_share: expected a number from 0 to 1, got 95"),
        ("[streming]\nTTFT.p50_ms = 5", "a table: expected one of .*streaming; got 'streming'"),
        ("[good.streem]\nTTFT_ms = 5", r"\[good\]: expected one of .*; got 'streem'"),
        ("run = 5", r"\[run\]: expected a table with"),
        ("[streaming", "limits.toml"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_what_is_wrong(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(LimitsError, match=named):
        limits(tmp_path, text)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(LimitsError, match="No such file"):
        read_limits(tmp_path / "none.toml")


def test_how_many_answers_limits_take(tmp_path: Path) -> None:
    assert answers_needed(Limits()) == 1
    assert answers_needed(limits(tmp_path, "[streaming]\nTTFT.max_ms = 5\nTPOT.p50_ms = 5\n")) == 6
    assert (
        answers_needed(limits(tmp_path, "[streaming]\nTTFT.p50_ms = 5\n[blocking]\ntotal.p99_ms = 5\n"))
        == 368
    )


def record(mode: str, ttft: float, gap: float, outcome: str = RIGHT) -> Record:
    timing = Timing(ttfb=0.0, ttft=ttft, itl=(gap, 0.01), tpot=gap, total=ttft + gap)
    return Record(
        request_id="a", mode=mode, outcome=outcome, sent=1.0, timing=timing if outcome == RIGHT else None
    )


def test_a_good_answer_holds_all_limits_of_its_behaviour_with_its_worst_gap(tmp_path: Path) -> None:
    held = limits(tmp_path, "[good.streaming]\nTTFT_ms = 100\nITL_ms = 50\n")
    records = [
        record("/chat streaming", 0.1, 0.05),
        record("/chat streaming", 0.2, 0.05),
        record("/chat streaming", 0.1, 0.06),
        record("/chat streaming", 0.1, 0.05, "wrong text"),
        record("/chat blocking", 9.0, 0.0),
    ]
    assert good_answers(records, held) == 2
    assert good_answers(records, Limits()) is None
