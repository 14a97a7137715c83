"""`python -m loadtests.capacity`: its help, what it refuses, and a target that is not there."""

import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from loadtests.capacity.__main__ import main
from loadtests.capacity.result import Capacity
from loadtests.capacity.search import Outcome
from loadtests.rig import ROOT, free_port


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    """The command takes signals that are the test runner's."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, options, prog_name="python -m loadtests.capacity", terminal_width=80)
    return done.exit_code, done.output


HELP = """\
Usage: python -m loadtests.capacity [OPTIONS] [LOCUST_OPTIONS]...

  Search for the highest arrival rate, and number of open streams, that meet the
  limits.

  Each level is a run of its own, and must be VALID: the level is doubled until
  a run misses a limit, the bracket is halved, and both ends of what remains are
  repeated. By default one worker of the app is asked, on a core of its own, by
  a client and in front of an upstream that cost a fraction of it; --client
  locust asks app and mock by the load test's users, whose options all pass
  through, such as --api completions. Prints the capacity with its interval and
  the knee of its curve, and leaves reports/capacity/index.html and
  summary.json, with the figures of each run.

  Exit codes: 0 found; 1 nothing could be asked; 3 even the lowest level missed
  a limit; 4 runs were INVALID before a limit was missed: client, upstream or
  machine gave out first, and the answer is "at least".

Options:
  --quick                       Three minutes and a wider interval instead of
                                ten.
  --only [rate|streams]         Search for one of the two.
  --client [rig|locust]         Who asks: the bench's, of the app alone on a
                                core, or Locust's users.  [default: rig; locust
                                with --host, --model or options of Locust]
  --minutes FLOAT RANGE         For all of it.  [default: 10, or 3 with --quick]
                                [x>=0.1]
  --step-seconds INTEGER RANGE  Of each run, behind its warm-up.  [default: 12,
                                or 6 with --quick]  [x>=1]
  --rates START-MOST            Answers asked for a second: where to begin, and
                                what not to exceed.  [default: 50-5000, of
                                locust 20-5000]
  --streams START-MOST          The same for open streams.  [default: 100-5000,
                                of locust 40-10000]
  --limits TEXT                 TOML file of what a level must hold.  [default:
                                loadtests/capacity/rig.toml, or locust.toml]
  --host TEXT                   URL of a running app; without it, one is started
                                for the search.
  --mock-url TEXT               URL of the mock behind --host; without it, texts
                                are asked through the app.
  --model TEXT                  Model of the mock to ask for.
  --processes INTEGER RANGE     Load generators.  [default: 1; x>=1]
  --seed INTEGER                Decides questions and arrivals.  [default: 1]
  --help                        Show this message and exit.
"""


def test_help() -> None:
    assert run("--help") == (0, HELP)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "http://127.0.0.1:1"), "expected --limits with --host or --model"),
        (("--model", "gpt-5"), "expected --limits with --host or --model"),
        (("--limits", "none.toml"), "--limits: none.toml: [Errno 2] No such file"),
        (("--rates", "20"), "expected START-MOST, such as 10-2000; got '20'"),
        (("--streams", "9-3"), "expected START-MOST, such as 10-2000; got '9-3'"),
        (("--client", "rig", "--mock-url", "http://127.0.0.1:1"), "--client rig: expected no mock-url"),
        (("--only", "users"), "'users' is not one of 'rate', 'streams'"),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(options: tuple[str, ...], said: str) -> None:
    code, output = run(*options)
    assert code == 2
    assert said in " ".join(output.split())


@pytest.mark.thorough
def test_an_app_with_thirty_places_is_never_said_to_bear_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real search. On a busy machine it may find nothing, and says so; it finds no more than there is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("CHAT_MAX_STREAMS", "30")
    (tmp_path / "limits.toml").write_text("[run]\nwrong_share = 0\n")
    options = (
        "--quick",
        "--only",
        "streams",
        "--streams",
        "10-80",
        "--step-seconds",
        "3",
        "--minutes",
        "0.9",
    )
    code, output = run(*options, "--limits", "limits.toml")
    assert code in (0, 3, 4), output
    assert "Capacity, open streams: " in output
    capacity = msgspec.json.decode(
        (tmp_path / "reports" / "capacity" / "summary.json").read_bytes(), type=Capacity
    )
    (found,) = capacity.findings
    assert (found.value or 0) <= 30
    assert (found.high or 31) > (found.value or 0)
    assert all(step.outcome is not Outcome.MET for step in found.steps if step.level > 30)
    assert "Capacity of http://127.0.0.1:" in (tmp_path / "reports" / "capacity" / "index.html").read_text()


def test_a_target_that_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "limits.toml").write_text("[run]\nwrong_share = 0\n")
    url = f"http://127.0.0.1:{free_port()}"
    code, output = run("--host", url, "--limits", "limits.toml", "--only", "rate")
    assert code == 1
    assert f"No expected texts: POST {url}/chat: ConnectionRefusedError" in output
    assert "Traceback" not in output
