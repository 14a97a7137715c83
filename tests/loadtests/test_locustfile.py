"""The locustfile run by Locust itself, against the real stack and against servers that are worse."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from loadtests.processes import free_port
from loadtests.stack import Stack
from tests.loadtests.locust_run import Run, locust
from tests.loadtests.servers import Request, ScriptedServer, Step, chunked, event, whole

QUICK = ("--users", "6", "--spawn-rate", "6", "--model", "mock-ttft50-itl5-tokens20")
TRUTH = "The sky is blue."
MODES = {"/chat streaming", "/chat blocking"}


def aggregated(run: Run) -> str:
    found = re.search(r"Aggregated +(\d+) ", run.output)
    assert found, run.output
    return found[1]


def test_every_answer_of_the_real_stack_is_right(stack: Stack, tmp_path: Path) -> None:
    run = locust(tmp_path, stack.url, *QUICK, "--mock-url", stack.mock_url)
    assert (run.exit_code, run.report.wrong, run.report.failures) == (0, 0, ()), run.output
    metrics = {(row.mode, row.metric): row for row in run.report.rows}
    assert {mode for mode, _ in metrics} == MODES
    assert {metric for mode, metric in metrics if mode == "/chat streaming"} == {
        "TTFB",
        "TTFT",
        "ITL",
        "TPOT",
        "total",
    }
    assert metrics["/chat streaming", "TTFT"].p50_ms >= 50
    assert (
        metrics["/chat blocking", "total"].count + metrics["/chat streaming", "total"].count
        == run.report.right
    )
    assert run.report.client_lag is not None


def test_only_answers_count_in_locusts_own_total(stack: Stack, tmp_path: Path) -> None:
    run = locust(tmp_path, stack.url, *QUICK)
    assert aggregated(run) == str(run.report.right)
    assert "/chat streaming" in run.html
    assert not re.search(r'(?:src|href)="https?:', run.html)


@pytest.mark.parametrize("options", [(), ("--processes", "2")], ids=["one process", "two processes"])
def test_the_last_answers_are_not_lost(stack: Stack, tmp_path: Path, options: tuple[str, ...]) -> None:
    slow = ("--users", "6", "--spawn-rate", "6", "--model", "mock-ttft1500-itl0-tokens3")
    run = locust(tmp_path, stack.url, *slow, *options, seconds=1)
    assert (run.exit_code, run.report.wrong, run.report.right) == (0, 0, 6), run.output
    assert aggregated(run) == "6"
    assert {row.mode for row in run.report.rows} == MODES


def lying(request: Request) -> Iterable[Step]:
    """Tells the truth when asked without delays, and something else under load."""
    if request.body["model"].endswith("-ttft0-itl0"):
        return [whole({"text": TRUTH})]
    if not request.body["stream"]:
        return [whole({"text": TRUTH[:-1], "finish_reason": "stop"})]
    return chunked(
        [event({"type": "delta", "text": "The sea."}), event({"type": "done", "finish_reason": "stop"})]
    )


def test_wrong_text_is_a_failure_without_times(tmp_path: Path) -> None:
    with ScriptedServer(lying) as server:
        run = locust(tmp_path, server.url, *QUICK, seconds=1)
    assert (run.exit_code, run.report.right) == (1, 0)
    assert {(failure.mode, failure.kind) for failure in run.report.failures} == {
        (mode, "wrong text") for mode in MODES
    }
    assert sum(failure.count for failure in run.report.failures) == run.report.wrong > 0
    assert run.report.rows == ()


def test_the_kinds_of_failure_survive_several_processes(tmp_path: Path) -> None:
    with ScriptedServer(lying) as server:
        run = locust(tmp_path, server.url, *QUICK, "--processes", "2", seconds=1)
    assert run.exit_code == 1
    assert {failure.kind for failure in run.report.failures} == {"wrong text"}


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    def script(request: Request) -> Iterable[Step]:
        return lying(request) if request.body["model"].endswith("-ttft0-itl0") else [5.0]

    with ScriptedServer(script) as server:
        run = locust(tmp_path, server.url, *QUICK, "--stall-seconds", "0.3", seconds=1)
    assert {failure.kind for failure in run.report.failures} == {"stalled"}


def test_without_expected_texts_nothing_is_asked(tmp_path: Path) -> None:
    run = locust(tmp_path, f"http://127.0.0.1:{free_port()}", *QUICK, seconds=20)
    assert (run.exit_code, run.report.right + run.report.wrong) == (1, 0)
    assert "No expected texts: POST http://127.0.0.1:" in run.output
    assert "Traceback" not in run.output


def test_a_model_whose_answers_nobody_knows_is_refused(stack: Stack, tmp_path: Path) -> None:
    run = locust(tmp_path, stack.url, "--model", "gpt-5", seconds=20)
    assert run.exit_code == 1
    assert "--model: expected a model of the mock, whose answers are known; got 'gpt-5'" in run.output
