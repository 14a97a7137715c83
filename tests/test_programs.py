import sys

import pytest

from tests.programs import NODE, MissingError, Program, find_or_get, required


def missing() -> str:
    raise MissingError("the network is closed")


PYTHON = Program((sys.executable,))
NOWHERE = Program(("no-such-program",), (missing,))


def test_what_is_installed_is_taken() -> None:
    assert find_or_get(PYTHON) == sys.executable


def test_what_is_not_installed_is_got_by_the_first_way_that_works() -> None:
    ways = (missing, lambda: "/nowhere/at/all", lambda: sys.executable, missing)
    assert find_or_get(Program(("no-such-program",), ways)) == sys.executable


def test_what_is_too_old_or_does_not_run_is_not_taken() -> None:
    with pytest.raises(MissingError, match="expected version 99 or later, got 'Python 3"):
        find_or_get(Program((sys.executable,), least_version=99))
    with pytest.raises(MissingError, match="--no-such-option failed"):
        find_or_get(Program((sys.executable,), version_option="--no-such-option"))


def test_a_missing_program_skips_and_says_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(
        pytest.skip.Exception, match=r"needs no-such-program: none of .*; the network is closed"
    ):
        required(NOWHERE)


def test_a_missing_program_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs no-such-program"):
        required(NOWHERE)


def test_playwrights_package_brings_a_node() -> None:
    """Nobody needs to install one."""
    bundled = Program(("no-such-program",), NODE.ways_to_get, least_version=NODE.least_version)
    assert find_or_get(bundled).endswith("/driver/node")
