"""The tests of the page's modules, which node runs."""

import subprocess
from pathlib import Path

import pytest

from tests.programs import NODE, required

TESTS = sorted((Path(__file__).parent / "js").rglob("*.test.mjs"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_javascript(path: Path) -> None:
    node = required(NODE)
    run = subprocess.run([node, "--test", path], capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stdout + run.stderr


def test_there_are_tests() -> None:
    assert TESTS
