import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.__main__ import command, environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("count", "passed"), [("4", "4"), ("", None), ("  ", None), (None, None)])
def test_a_number_of_processes_is_passed_on(count: str | None, passed: str | None) -> None:
    environ = {} if count is None else {"WEB_CONCURRENCY": count}
    assert environment(environ).get("WEB_CONCURRENCY") == passed


@pytest.mark.parametrize("count", ["abc", "0", "-1", "1.5", "٣", "1001"])
def test_another_number_is_one_clear_line(count: str) -> None:
    with pytest.raises(ValueError, match="WEB_CONCURRENCY") as caught:
        environment({"WEB_CONCURRENCY": count})
    assert (
        str(caught.value) == f"WEB_CONCURRENCY: expected a number of processes from 1 to 1000, got {count!r}"
    )


def test_arguments_go_to_gunicorn() -> None:
    assert command(["--bind", "unix:/run/chat.sock"])[-3:] == [
        "--bind",
        "unix:/run/chat.sock",
        "webapp:create_app()",
    ]


def test_the_line_is_all_that_is_printed() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "webapp"],
        cwd=ROOT,
        env={**os.environ, "WEB_CONCURRENCY": "abc"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "webapp: WEB_CONCURRENCY: expected a number of processes from 1 to 1000, got 'abc'\n"
