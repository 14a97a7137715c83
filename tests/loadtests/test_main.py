"""`python -m loadtests` as a process, in a folder of its own for its reports."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from loadtests.__main__ import main
from loadtests.load.judging.verdict import INVALID, MET
from loadtests.load.report import read
from loadtests.rig import ROOT, await_that, free_port, running

HELP = """\
Usage: python -m loadtests [OPTIONS] [LOCUST_OPTIONS]...

  Let users chat, and compare every answer with the expected text.

  All further options are Locust's own, such as --tags stream, --web-port 8089
  or --csv NAME. Prints the times of the right answers and leaves
  reports/loadtest.html, summary.json and answers.jsonl. `python -m loadtests
  diff A B` compares two such folders.

  Exit codes: 0 limits met; 1 answers wrong or unfinished, or none made; 3 a
  limit missed; 4 the run is INVALID: its figures cannot be trusted, for the
  reason given.

Options:
  -u, --users INTEGER RANGE      How many chat at once.  [default: 20; x>=1]
  --run-time INTEGER RANGE       For how many seconds; without it 30, or as long
                                 as the stages.  [x>=1]
  --rate TEXT                    Open load: answers asked for a second, or
                                 stages: 30:1-20,60:20.
  --arrivals [poisson|constant]  How the answers of --rate arrive.  [default:
                                 poisson]
  --stages TEXT                  Closed load: users over time: 30:1-20,60:20.
  --warm-up-seconds FLOAT RANGE  The answers of this time have no times.  [x>=0]
  --limits TEXT                  TOML file of what the run must hold; '' for
                                 none.  [default: that of the stack's default
                                 load]
  --host TEXT                    URL of a running app; without it, app and mock
                                 are started for the run.
  --mock-url TEXT                URL of the mock behind --host; without it,
                                 texts are asked through the app.
  --model TEXT                   Model of the mock to ask for.
  --answer-seconds FLOAT RANGE   Time for an answer.  [default: 60.0; x>=0.1]
  --processes INTEGER RANGE      Load generators.  [default: 1; x>=1]
  --seed INTEGER                 Decides the questions and who asks which when.
                                 [default: 1]
  --help                         Show this message and exit.
"""


def loadtest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "loadtests", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help() -> None:
    assert (
        CliRunner().invoke(main, ["--help"], prog_name="python -m loadtests", terminal_width=80).output
        == HELP
    )


def test_one_command_starts_the_stack_and_reports(tmp_path: Path) -> None:
    done = loadtest(tmp_path, "--users", "4", "--run-time", "2", "--model", "mock-ttft50-itl5-tokens20")
    assert done.returncode in (MET, INVALID), done.stdout + done.stderr
    assert ("INVALID: " in done.stdout) == (done.returncode == INVALID)
    report = read(tmp_path / "reports" / "summary.json")
    assert f"{report.asked} answers asked for: {report.right} right, 0 wrong, 0 unfinished" in done.stdout
    assert report.asked == report.right > 0
    page = (tmp_path / "reports" / "loadtest.html").read_text()
    assert f"<b>{report.asked}</b>asked for" in page
    assert len((tmp_path / "reports" / "answers.jsonl").read_text().splitlines()) == report.asked
    assert (tmp_path / "reports" / "locust.html").stat().st_size > 100_000
    assert "/chat streaming" in done.stdout


def test_an_app_that_is_not_there_is_one_line_and_a_failure(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    done = loadtest(tmp_path, "--host", url, "--run-time", "20")
    assert done.returncode == 1
    assert f"No expected texts: POST {url}/chat: ConnectionRefusedError" in done.stdout
    assert "Failed: no answer was made" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_where_nothing_can_be_written_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "reports").touch()
    done = loadtest(tmp_path, "--host", f"http://127.0.0.1:{free_port()}")
    assert (done.returncode, done.stderr) == (1, "Error: reports: cannot be written: File exists\n")


@pytest.mark.thorough
@pytest.mark.parametrize("options", [(), ("--processes", "2")], ids=["one process", "two"])
def test_sigterm_ends_locust_and_the_stack_with_it(options: tuple[str, ...], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "loadtests", "--users", "2", "--run-time", "100", *options]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with running(command, env=environ, cwd=tmp_path) as process:
        log = tmp_path / "reports" / "loadtest.log"
        # The second is what Locust's master says on a busy machine, whose workers report late.
        spawned = re.compile("All users spawned|Spawning is complete")
        assert await_that(lambda: log.exists() and bool(spawned.search(log.read_text())), 60)
        started = psutil.Process(process.pid).children(recursive=True)
        assert any("locust" in " ".join(child.cmdline()) for child in started)
        process.send_signal(signal.SIGTERM)
        process.wait(40)
        assert psutil.wait_procs(started, timeout=10)[1] == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    "command", ["bench --stack ours", "bench.mocks", "bench.mocks.most", "compare", "proofs", "proofs.mock"]
)
def test_sigterm_to_what_measures_leaves_nothing_behind(command: str, tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with running(
        [sys.executable, "-m", *f"loadtests.{command}".split()], env=environ, cwd=tmp_path
    ) as process:
        asking = psutil.Process(process.pid)
        assert await_that(lambda: len(asking.children(recursive=True)) > 1, 30)
        started = asking.children(recursive=True)
        process.send_signal(signal.SIGTERM)
        process.wait(40)
        assert psutil.wait_procs(started, timeout=10)[1] == []
        assert [*tmp_path.glob("first-token-*")] == []
