"""The locustfile run by Locust itself, against the real stack and against servers that are worse."""

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from loadtests.load.judging.verdict import INVALID, MET, MISSED
from loadtests.rig import ROOT, free_port
from loadtests.rig.scripted import ScriptedUpstream, Step, Talk, chunked, event, whole
from loadtests.stack import Stack
from tests.loadtests.locust_run import Run, locust, two_processes

QUICK = ("--users", "6", "--spawn-rate", "6", "--model", "mock-ttft50-itl5-tokens20")
LIMITS = "[streaming]\nTTFT.max_ms = {}\n"
TRUTH = "The sky is blue."
MODES = {"/chat streaming", "/chat blocking"}
FAULTLESS = (MET, INVALID)
"""All answers right; on a busy machine the times of the run cannot be trusted, and it says so."""


def aggregated(run: Run) -> str:
    found = re.search(r"Aggregated +(\d+) ", run.output)
    assert found, run.output
    return found[1]


@pytest.fixture(scope="module")
def run(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run against the real stack, with a limit that it meets."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "limits.toml").write_text(LIMITS.format(60_000))
    options = ("--limits", str(folder / "limits.toml"), "--mock-url", stack.mock_url)
    return locust(folder, stack.url, *QUICK, *options)


@pytest.mark.timed
def test_every_answer_of_the_real_stack_is_right(run: Run) -> None:
    assert run.exit_code in FAULTLESS, run.output
    assert (run.report.wrong, run.report.failures) == (0, ())
    metrics = {(row.mode, row.metric): row for row in run.report.rows}
    assert set(metrics) == {
        *(("/chat streaming", metric) for metric in ("TTFB", "TTFT", "ITL", "TPOT", "total")),
        *(("/chat blocking", metric) for metric in ("TTFB", "TTFT", "total")),
    }
    first = metrics["/chat streaming", "TTFT"]
    assert (first.p50_ms or first.max_ms) >= 50
    assert (
        metrics["/chat blocking", "total"].count + metrics["/chat streaming", "total"].count
        == run.report.right
    )
    assert run.report.client_lag is not None


def test_only_answers_count_in_locusts_own_total(run: Run) -> None:
    assert aggregated(run) == str(run.report.right)


def test_the_report_is_one_file(run: Run) -> None:
    assert "/chat streaming" in run.html
    assert not re.search(r'(?:src|href)="https?:', run.html)


PROCESSES = pytest.mark.parametrize(
    "options",
    [pytest.param(tuple, id="one"), pytest.param(two_processes, id="two", marks=pytest.mark.thorough)],
)


@PROCESSES
def test_the_last_answers_are_not_lost(tmp_path: Path, options: Callable[[], tuple[str, ...]]) -> None:
    asked: list[Talk] = []

    def slow(request: Talk) -> Iterable[Step]:
        if not request.body["model"].endswith("-ttft0-itl0"):
            asked.append(request)
            yield 1.5
        yield from honest(request)

    with ScriptedUpstream(slow) as server:
        run = locust(tmp_path, server.origin, *QUICK, *options(), seconds=2)
    assert run.exit_code in FAULTLESS, run.output
    assert run.report.asked == run.report.right == len(asked) > 0
    assert aggregated(run) == str(len(asked))


@pytest.mark.thorough
def test_several_processes_add_up(stack: Stack, tmp_path: Path) -> None:
    run = locust(tmp_path, stack.url, *QUICK, *two_processes())
    assert run.exit_code in FAULTLESS, run.output
    assert {row.mode for row in run.report.rows} == MODES
    assert aggregated(run) == str(run.report.right)


def honest(request: Talk) -> Iterable[Step]:
    done = {"finish_reason": "stop", "usage": {"completion_tokens": 5}}
    if not request.body["stream"]:
        return [whole({"text": TRUTH, **done})]
    return chunked([event({"type": "delta", "text": TRUTH}), event({"type": "done", **done})])


def lying(request: Talk) -> Iterable[Step]:
    """Tells the truth when asked without delays, and something else under load."""
    if request.body["model"].endswith("-ttft0-itl0"):
        return honest(request)
    if not request.body["stream"]:
        return [whole({"text": TRUTH[:-1], "finish_reason": "stop"})]
    return chunked(
        [event({"type": "delta", "text": "The sea."}), event({"type": "done", "finish_reason": "stop"})]
    )


def test_wrong_text_is_a_failure_without_times(tmp_path: Path) -> None:
    with ScriptedUpstream(lying) as server:
        run = locust(tmp_path, server.origin, *QUICK)
    assert (run.exit_code, run.report.right) == (1, 0)
    assert {(failure.mode, failure.kind) for failure in run.report.failures} == {
        (mode, "wrong text") for mode in MODES
    }
    assert sum(failure.count for failure in run.report.failures) == run.report.wrong > 0
    assert run.report.rows == ()


@pytest.mark.thorough
def test_the_kinds_of_failure_survive_several_processes(tmp_path: Path) -> None:
    with ScriptedUpstream(lying) as server:
        run = locust(tmp_path, server.origin, *QUICK, *two_processes())
    assert run.exit_code == 1
    assert {failure.kind for failure in run.report.failures} == {"wrong text"}


@pytest.mark.timed
@PROCESSES
def test_an_answer_that_never_comes_or_only_heartbeats_is_given_up_and_counted(
    options: Callable[[], tuple[str, ...]], tmp_path: Path
) -> None:
    def script(request: Talk) -> Iterable[Step]:
        if request.body["model"].endswith("-ttft0-itl0"):
            return honest(request)
        if not request.body["stream"]:
            return [10.0]
        return chunked([event({"type": "start"}), *([b": hb\n", 0.05] * 200)])

    with ScriptedUpstream(script) as server:
        limits = ("--stall-seconds", "1.5", "--answer-seconds", "4")
        run = locust(tmp_path, server.origin, *QUICK, *limits, *options())
    assert run.exit_code == 1
    assert {(failure.mode, failure.kind) for failure in run.report.failures} == {
        ("/chat streaming", "no end in time"),
        ("/chat blocking", "stalled"),
    }
    assert (run.report.right, run.report.unfinished) == (0, 0)
    assert run.report.asked == run.report.wrong > 0


def test_without_expected_texts_nothing_is_asked(tmp_path: Path) -> None:
    run = locust(tmp_path, f"http://127.0.0.1:{free_port()}", *QUICK, seconds=20)
    assert (run.exit_code, run.report.right + run.report.wrong) == (1, 0)
    assert "No expected texts: POST http://127.0.0.1:" in run.output
    assert "Traceback" not in run.output


@pytest.mark.thorough
def test_a_model_that_the_app_does_not_allow_is_a_failure_that_says_so(stack: Stack, tmp_path: Path) -> None:
    run = locust(tmp_path, stack.url, "--model", "gpt-5", seconds=3)
    assert (run.exit_code, run.report.right) == (1, 0)
    assert {failure.kind.split()[0] for failure in run.report.failures} == {"refused:"}


def test_an_open_load_asks_when_the_schedule_says_whatever_becomes_of_the_answers(tmp_path: Path) -> None:
    """Answers take 1.5 s, arrivals come every 100 ms: a closed load of one user would ask twice."""
    asked: list[Talk] = []

    def slow(request: Talk) -> Iterable[Step]:
        if not request.body["model"].endswith("-ttft0-itl0"):
            asked.append(request)
            yield 1.5
        yield from honest(request)

    with ScriptedUpstream(slow) as server:
        run = locust(tmp_path, server.origin, "--rate", "3:10", "--arrivals", "constant", "--tags", "stream")
    assert run.exit_code in FAULTLESS, run.output
    assert run.report.arrivals
    assert 5 <= run.report.arrivals.count == len(asked) == run.report.right <= 30
    assert {row.mode for row in run.report.rows} == {"/chat streaming"}
    totals = {row.metric: row.p50_ms or row.max_ms for row in run.report.rows}
    assert totals["total due"] >= totals["total"] >= 1500


@pytest.mark.thorough
def test_several_processes_share_one_schedule(stack: Stack, tmp_path: Path) -> None:
    options = ("--rate", "10", "--arrivals", "constant", "--warm-up-seconds", "0.5")
    options += ("--model", "mock-ttft50-itl5-tokens20", *two_processes())
    run = locust(tmp_path, stack.url, *options, seconds=6)
    assert run.exit_code in FAULTLESS, run.output
    assert run.report.arrivals
    assert run.report.arrivals.count <= 60
    assert run.report.warm_up > 0


@pytest.mark.thorough
def test_users_come_in_stages(stack: Stack, tmp_path: Path) -> None:
    options = ("--stages", "2:3", "--model", "mock-ttft50-itl5-tokens20", "--tags", "block")
    run = locust(tmp_path, stack.url, *options, seconds=20)
    assert run.exit_code in FAULTLESS, run.output
    assert "Shape test stopping" in run.output
    assert {row.mode for row in run.report.rows} == {"/chat blocking"}


def test_a_limit_that_is_met(run: Run) -> None:
    (gate,) = run.report.gates
    assert gate.is_met
    assert run.exit_code in (MET, INVALID), run.output


def test_a_limit_that_is_missed_decides_the_exit_code(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text(LIMITS.format(1))
    run = locust(tmp_path, stack.url, *QUICK, "--limits", str(tmp_path / "limits.toml"))
    (gate,) = run.report.gates
    assert not gate.is_met
    assert run.exit_code in (MISSED, INVALID), run.output


WRONG_OPTIONS = (
    "--api=soap",
    "--prompts=none.jsonl",
    "--header=X",
    "--rate=0",
    "--stages=5:",
    "--arrivals=even",
    "--limits=none.toml",
    "--think-seconds=-1",
    "--stall-seconds=nan",
    "--answer-seconds=inf",
    "--answers=README.md/answers.jsonl",
    "--report-html=docs",
)


def test_an_option_that_is_wrong_is_named() -> None:
    """Parsed as Locust does, all in one process: its import alone takes a second."""
    parse = Path(__file__).parent / "load" / "parse.py"
    done = subprocess.run(
        [sys.executable, parse, *WRONG_OPTIONS],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = json.loads(done.stdout)
    assert set(said) == set(WRONG_OPTIONS)
    for option, (code, line) in said.items():
        assert code == 2
        assert f"argument {option.partition('=')[0]}: " in line


def test_every_behaviour_is_right_and_joined_to_the_mocks_journal(stack: Stack, tmp_path: Path) -> None:
    options = ("--tags", "stream", "converse", "abandon", "slow", "--mock-url", stack.mock_url)
    run = locust(
        tmp_path, stack.url, *QUICK[:4], "--model", "mock-ttft50-itl10-tokens200", *options, seconds=6
    )
    assert run.exit_code in FAULTLESS, run.output
    assert {row.mode for row in run.report.rows} >= {"/chat conversing"}
    assert not {row.mode for row in run.report.rows} & {"/chat leaving", "/chat slow"}
    assert run.report.timed < run.report.right
    assert run.report.ledger
    assert run.report.ledger.lost_aborts == 0
    assert 0 < run.report.ledger.joined <= run.report.asked
    shares = {row.metric: row.p50_ms or row.max_ms for row in run.report.ledger.rows}
    assert shares["the mock"] >= 50


@pytest.mark.thorough
def test_an_app_that_keeps_the_upstream_open_after_an_abort_is_found(stack: Stack, tmp_path: Path) -> None:
    """It asks the mock for the whole answer, and reads it to its end whether its reader is there or not."""

    def heedless(request: Talk) -> Iterable[Step]:
        headers = {"X-Client-Request-Id": request.headers["x-request-id"], "Content-Type": "application/json"}
        asking = urllib.request.Request(
            f"{stack.mock_url}/v1/chat/completions", json.dumps(request.body).encode(), headers
        )
        threading.Thread(target=lambda: urllib.request.urlopen(asking).read()).start()
        yield from chunked([event({"type": "start", "id": "chat_1", "model": "mock"}), 5.0])

    with ScriptedUpstream(heedless) as server:
        options = ("--tags", "abandon", "--mock-url", stack.mock_url, "--answer-seconds", "6")
        model = "mock-ttft300-itl20-tokens200"
        run = locust(tmp_path, server.origin, "--users", "3", "--spawn-rate", "3", "--model", model, *options)
    assert run.exit_code == 1, run.output
    assert run.report.ledger
    assert run.report.ledger.lost_aborts > 0


@pytest.mark.parametrize(
    ("api", "path"),
    [
        pytest.param("completions", "/v1/chat/completions", marks=pytest.mark.thorough),
        ("responses", "/v1/responses"),
    ],
)
def test_a_mock_alone_is_read_to_the_byte_and_joined_to_its_own_journal(
    stack: Stack, tmp_path: Path, api: str, path: str
) -> None:
    options = (
        "--api",
        api,
        "--tags",
        "stream",
        "block",
        "abandon",
        "slow",
        "converse",
        "--mock-url",
        stack.mock_url,
    )
    run = locust(tmp_path, f"{stack.mock_url}/v1", *QUICK, *options, "--think-seconds", "0", seconds=4)
    assert run.exit_code in FAULTLESS, run.output
    assert run.report.timed < run.report.right
    assert {row.mode.split()[0] for row in run.report.rows} == {path}
    assert {row.metric for row in run.report.rows} >= {"TPOT", "ITL"}
    assert run.report.ledger
    assert run.report.ledger.joined == run.report.asked
    assert run.report.ledger.lost_aborts == 0


def test_somebody_elses_endpoint_has_its_token_its_headers_and_the_users_own_prompts(tmp_path: Path) -> None:
    """Its texts are nobody's to know: whole and well-formed they must be, and one that is cut is found."""
    asked: list[Talk] = []

    def model(request: Talk) -> Iterable[Step]:
        asked.append(request)
        if "stream_options" in request.body:
            return [whole({"error": {"message": "Unknown field: stream_options"}}, b"400 Bad Request")]
        text = event({"choices": [{"delta": {"content": "The sky is blue."}, "finish_reason": None}]})
        end = event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        cut = len(asked) % 3 == 0
        return chunked([text] if cut else [text, end, b"data: [DONE]\n\n"])

    (tmp_path / "prompts.jsonl").write_text('{"prompt": "Why is it blue?"}\n')
    options = ("--model", "gpt-x", "--prompts", str(tmp_path / "prompts.jsonl"), "--tags", "stream")
    keys = ("--token", "s3cret", "--header", "X-Team: sky")
    with ScriptedUpstream(model) as server:
        run = locust(
            tmp_path, server.origin, "--api", "completions", *options, *keys, "--users", "2", seconds=5
        )
    assert run.exit_code == 1
    assert {failure.kind for failure in run.report.failures} == {"no terminal object"}
    usage, *asked = asked
    assert (usage.body["max_tokens"], usage.headers["authorization"]) == (1, "Bearer s3cret")
    assert run.report.right + run.report.wrong == len(asked)
    assert {request.path for request in asked} == {"/v1/chat/completions"}
    assert asked[0].headers["authorization"] == "Bearer s3cret"
    assert asked[0].headers["x-team"] == "sky"
    assert asked[0].body["messages"] == [{"role": "user", "content": "Why is it blue?"}]
    assert "s3cret" not in (tmp_path / "report.json").read_text()
