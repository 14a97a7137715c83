import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from loadtests.stack import leash
from loadtests.stack.procfile import leashed
from tests.conftest import MS

HOLDER = """
import sys, time
from pathlib import Path
from loadtests.stack import leash
held = leash.hold(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


@contextlib.contextmanager
def holder(lock: Path) -> Iterator[None]:
    """Another process that holds the lock until it is killed at the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.kill()


def leashed_sleeper(lock: Path, body: str = "pass") -> subprocess.Popen[bytes]:
    """A line that sleeps, when it has said that it has done `body`."""
    program = f"import signal, time; {body}; print(flush=True); time.sleep(60)"
    line = leashed(f"{sys.executable} -c '{program}'", lock)
    sleeper = subprocess.Popen(line, shell=True, start_new_session=True, stdout=subprocess.PIPE)
    with sleeper.stdout or contextlib.nullcontext() as said:
        assert said
        said.readline()
    return sleeper


def group_is_gone(process: subprocess.Popen[bytes]) -> bool:
    """Whether nobody of the process's group is left, allowing the leash its last look."""
    deadline = time.monotonic() + 5000 * MS
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(20 * MS)
    return False


def test_a_lock_is_held_as_long_as_its_holder_lives(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with holder(lock):
        assert leash.is_held(lock)
    assert not leash.is_held(lock)


def test_a_missing_lock_is_not_held(tmp_path: Path) -> None:
    assert not leash.is_held(tmp_path / "lock")


def test_the_group_ends_when_the_owner_is_killed(tmp_path: Path) -> None:
    with holder(tmp_path / "lock"):
        sleeper = leashed_sleeper(tmp_path / "lock")
        assert sleeper.poll() is None
    assert sleeper.wait(5000 * MS) == -signal.SIGTERM
    assert group_is_gone(sleeper)


def test_the_leash_leaves_with_the_line(tmp_path: Path) -> None:
    with holder(tmp_path / "lock"):
        sleeper = leashed_sleeper(tmp_path / "lock")
        sleeper.kill()
        sleeper.wait()
        assert group_is_gone(sleeper)


def test_sigterm_to_the_group_does_not_slip_the_leash(tmp_path: Path) -> None:
    with holder(tmp_path / "lock"):
        stubborn = leashed_sleeper(tmp_path / "lock", "signal.signal(signal.SIGTERM, lambda *_: None)")
        os.killpg(stubborn.pid, signal.SIGTERM)
    assert stubborn.wait(leash.GRACE_SECONDS + 5) == -signal.SIGKILL
    assert group_is_gone(stubborn)
