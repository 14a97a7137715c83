"""Each fault that the load test is for, planted between real processes: the exit code and the report name it.

What the limits and the verdict make of the same faults, without processes: load/test_planted_faults.py and
load/judging/test_verdict.py.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from loadtests.load.judging.verdict import INVALID, MET, MISSED, WRONG
from loadtests.rig import ROOT
from loadtests.stack import STEADY, Stack
from tests.loadtests.fault_proxy import (
    Fault,
    FaultProxy,
    buffering,
    hanging,
    late_first_token,
    none,
    wrong_byte,
)
from tests.loadtests.locust_run import Run, locust

pytestmark = pytest.mark.thorough

LIMITS = ("--limits", str(ROOT / "loadtests" / "limits.toml"))
CLOSED = ("--users", "20", "--spawn-rate", "10")


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    """A stack whose processes may be stopped."""
    with Stack(env=STEADY) as running:
        yield running


def run(
    stack: Stack, folder: Path, fault: Fault, *options: str, seconds: int = 8, heedless: bool = False
) -> tuple[Run, str]:
    """The run through the fault, and its report as a page."""
    page = folder / "page.html"
    with FaultProxy(stack.port, fault, heedless=heedless) as proxy:
        asked = ("--mock-url", stack.mock_url, "--report-html", str(page), *options)
        return locust(folder, proxy.url, *asked, seconds=seconds), page.read_text()


def missed(run: Run) -> set[str]:
    return {gate.name for gate in run.report.gates if not gate.is_met and not gate.why}


def test_without_a_fault_nothing_is_found_but_what_a_busy_machine_does(own: Stack, tmp_path: Path) -> None:
    came, _ = run(own, tmp_path, none, *CLOSED, *LIMITS)
    assert came.exit_code in (MET, INVALID), came.output
    assert came.report.wrong == 0


def test_eight_tokens_at_a_time(own: Stack, tmp_path: Path) -> None:
    came, page = run(own, tmp_path, buffering(8), *CLOSED, *LIMITS)
    assert came.exit_code in (MISSED, INVALID), came.output
    assert missed(came) >= {"held_back_share", "streaming ITL p95 in ms", "streaming TTFT p50 in ms"}
    assert "held_back_share" in page


def test_fifty_milliseconds_more_on_each_first_token(own: Stack, tmp_path: Path) -> None:
    came, page = run(own, tmp_path, late_first_token(0.05), *CLOSED, *LIMITS)
    assert came.exit_code in (MISSED, INVALID), came.output
    assert "streaming TTFT p50 in ms" in missed(came)
    assert "streaming TTFT p50 in ms" in page
    assert came.report.ledger
    behind = next(
        row for row in came.report.ledger.rows if row.metric == "from the mock" and "streaming" in row.mode
    )
    assert (behind.p50_ms or 0) >= 50


def test_one_byte_in_a_thousand_answers(own: Stack, tmp_path: Path) -> None:
    quick = ("--model", "mock-ttft0-itl0-tokens8", "--tags", "stream", "--users", "20", "--spawn-rate", "20")
    came, page = run(own, tmp_path, wrong_byte(900), *quick, "--think-seconds", "0", seconds=14)
    assert came.exit_code == WRONG, came.output
    assert [(failure.kind, failure.count) for failure in came.report.failures] == [("wrong text", 1)]
    assert came.report.asked >= 900
    assert f"1 of {came.report.asked} answers were wrong" in page


def test_an_upstream_that_stays_open_after_an_abort(own: Stack, tmp_path: Path) -> None:
    options = (
        "--tags",
        "abandon",
        "--users",
        "4",
        "--spawn-rate",
        "4",
        "--model",
        "mock-ttft100-itl20-tokens200",
    )
    came, page = run(own, tmp_path, none, *options, seconds=4, heedless=True)
    assert came.exit_code == WRONG, came.output
    assert came.report.ledger
    assert came.report.ledger.lost_aborts > 0
    assert "aborts did not reach the upstream" in page


def test_an_answer_that_hangs(own: Stack, tmp_path: Path) -> None:
    options = (
        "--tags",
        "stream",
        "--answer-seconds",
        "4",
        "--stall-seconds",
        "60",
        "--users",
        "5",
        "--spawn-rate",
        "5",
    )
    came, page = run(own, tmp_path, hanging(5), *options, seconds=3)
    assert came.exit_code == WRONG, came.output
    assert {failure.kind for failure in came.report.failures} == {"no end in time"}
    assert came.report.asked == came.report.right + came.report.wrong
    assert "no end in time" in page


@contextlib.contextmanager
def pulsing(command: str, below: int) -> Iterator[None]:
    """Stop the processes of this command for 150 ms in each 400, as a machine does that others use."""
    over = threading.Event()

    def pulse() -> None:
        while not over.wait(0.25):
            found = [
                each for each in psutil.Process(below).children(recursive=True) if command in _line(each)
            ]
            for each in found:
                _signal(each, signal.SIGSTOP)
            time.sleep(0.15)
            for each in found:
                _signal(each, signal.SIGCONT)

    thread = threading.Thread(target=pulse)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(number)


def test_a_starved_client_whose_arrivals_are_late(own: Stack, tmp_path: Path) -> None:
    with pulsing(str(tmp_path), os.getpid()):
        came, page = run(own, tmp_path, none, "--rate", "15", "--tags", "stream", seconds=8)
    assert came.exit_code == INVALID, came.output
    for said in ("the load generator was late itself", "arrivals did not keep their schedule"):
        assert any(said in doubt for doubt in came.report.doubts)
        assert said in page


def test_a_client_that_waits_for_its_core(own: Stack, tmp_path: Path) -> None:
    """Eight that never sleep have the same core as the load generator, which is nice to them."""
    core = str(min(os.sched_getaffinity(0)))
    hogs = [psutil.Popen(["taskset", "-c", core, "sh", "-c", "while :; do :; done"]) for _ in range(8)]
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {int(core)})
        came, page = run(own, tmp_path, none, *CLOSED, seconds=6)
    finally:
        os.sched_setaffinity(0, before)
        for hog in hogs:
            hog.kill()
            hog.wait()
    assert came.exit_code == INVALID, came.output
    said = "waited for a core", "the load generator was late itself"
    assert any(each in doubt for each in said for doubt in came.report.doubts)
    assert any(each in page for each in said)


def test_a_mock_that_is_saturated(own: Stack, tmp_path: Path) -> None:
    with pulsing("mockllm", own.processes["mockllm"].pid):
        came, page = run(own, tmp_path, none, *CLOSED, seconds=8)
    assert came.exit_code == INVALID, came.output
    assert any("the mock was saturated" in doubt for doubt in came.report.doubts)
    assert "the mock was saturated" in page
