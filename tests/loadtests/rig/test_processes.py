import sys
from pathlib import Path

import psutil
import pytest

from loadtests.rig import StartError, await_that, running
from tests.conftest import MS


def test_what_ends_before_it_is_ready_is_shown_with_its_last_words() -> None:
    said = pytest.raises(StartError, match=r"(?s)ended with status 3; it printed:.no such thing")
    with said, running("echo no such thing; exit 3") as program:
        program.await_ready(lambda: False, 10, "on port 1")


def test_what_keeps_silent_is_given_up(tmp_path: Path) -> None:
    said = pytest.raises(StartError, match=r"(?s)is silent on port 1; it printed:.thinking")
    with said, running(["sh", "-c", "echo thinking; sleep 60"], tmp_path / "out") as program:
        assert await_that(lambda: "thinking" in program.printed(), 10)
        program.await_ready(lambda: False, 10 * MS, "on port 1")


def test_all_that_it_has_started_ends_with_it(tmp_path: Path) -> None:
    with running("sleep 60 & echo $!; wait", tmp_path / "out", env={"PATH": "/usr/bin:/bin"}) as program:
        assert await_that(lambda: program.printed().endswith("\n"), 10)
        child = psutil.Process(int(program.printed()))
    assert await_that(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 10)
    assert program.returncode is not None


def test_it_sees_the_environment_that_it_is_given_and_no_other() -> None:
    with running([sys.executable, "-c", "import os; print(sorted(os.environ))"], env={"ONE": "1"}) as program:
        program.wait(20)
        assert "'ONE'" in program.printed()
        assert "'PATH'" not in program.printed()
