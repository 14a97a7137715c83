"""`python -m tests.steady`: the tests that have to do with time, many times over, beside two processes that burn the cores.

A test that asserts what the scheduler decides passes on an idle machine and fails on a busy one. This is the
busy machine. The verdict is pytest's, with what did not fit into the time counted as failed.
"""

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from tests.conftest import TIMED

TESTS = Path(__file__).parent
BURNING = "while True: pass"
WORKERS = 8
"""Beside burners most of a timed test is waiting, so more run at once than there are cores."""


@click.command()
@click.option("--times", default=50, show_default=True, help="How often each test runs.")
@click.option("--minutes", default=15.0, show_default=True, help="How long all of it may take.")
@click.option("--burners", default=2, show_default=True, help="How many processes burn a core each.")
@click.argument("paths", nargs=-1)
def main(times: int, minutes: float, burners: int, paths: tuple[str, ...]) -> None:
    """Run the timed tests below PATHS, by default all of them."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "timed and not thorough",
        f"--times={times}",
        "-p",
        "no:cacheprovider",
    ]
    command += ["-n", str(WORKERS), "--dist", "worksteal", "--maxfail=20", *(paths or with_times())]
    begun = time.monotonic()
    with ExitStack() as burning:
        for _ in range(burners):
            burner = burning.enter_context(subprocess.Popen([sys.executable, "-c", BURNING]))
            burning.callback(burner.kill)
        try:
            code = subprocess.run(command, timeout=60 * minutes, check=False).returncode
        except subprocess.TimeoutExpired:
            sys.exit(f"not through after {minutes:g} minutes: fewer --times, or more --minutes")
    click.echo(f"{times} times beside {burners} burners, in {time.monotonic() - begun:.0f} s")
    sys.exit(code)


def with_times() -> list[str]:
    """List the files of tests that may have to do with time: each worker would read all others in vain."""
    files = sorted(TESTS.rglob("test_*.py"))
    return [str(path) for path in files if TIMED.search(text := path.read_text()) or "mark.timed" in text]


if __name__ == "__main__":
    main()
