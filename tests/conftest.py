"""What every test may rely on: one unit of time, free ports, and the app and the mock as real processes."""

import functools
import linecache
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from loadtests.rig import free_port
from loadtests.stack import Stack
from tests.environment import put_aside

MS = 0.001 * float(os.environ.get("TESTS_TIME_SCALE", "1"))
"""One millisecond of test time in seconds. TESTS_TIME_SCALE=2 gives a slow machine twice as long."""


CERTIFICATE = Path(__file__).parent / "webapp" / "tls" / "localhost.pem"
"""All that the clients of a test trust: each of them would read the system's hundred and forty, for 15 ms."""

TIMED = re.compile(r"\* MS\b|\b(?:monotonic|perf_counter)\(|_at\(\)|within=")
"""What a test says that asserts something about time. One that has it from a constant, a fixture or a table is marked
by hand."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--times", type=int, default=1, help="how often each test runs; see tests/steady.py")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "patient: reads a clock only to give up, so it is not timed")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (times := metafunc.config.getoption("--times")) > 1:
        metafunc.fixturenames.append("turn")
        metafunc.parametrize("turn", range(times))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not isinstance(item, pytest.Function) or item.get_closest_marker("patient"):
            continue
        if reads_a_clock(item.function.__code__):
            item.add_marker("timed")


@functools.cache
def reads_a_clock(code: CodeType) -> bool:
    """Whether a test's lines, its decorators with them, name a time. `inspect.getsource` finds them by reading each
    file's tokens once for each of its tests, which was a fifth of the collection.
    """
    last = max(end for _, end, *_ in code.co_positions() if end)
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 : last]
    return TIMED.search("".join(lines)) is not None


# What a developer has set for the app or the mock of their own is not what the tests are about.
put_aside()


@pytest.fixture
def port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    return free_port()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The Procfile's lines, started once for a session: nothing may change how they are set up."""
    with Stack() as running:
        yield running
