"""`python -m loadtests.proofs`, with a proof that breaks off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from loadtests.proofs import __main__ as command
from loadtests.proofs.finding import Finding
from loadtests.rig import MissingError, StartError

FOUND = Finding("an attack", "a gap", "none", holds=True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MissingError("openssl is missing"), "Error: openssl is missing\n"),
        (StartError("web ended"), "Error: web ended\n"),
        (ValueError("an attack broke off"), ""),
    ],
)
def test_what_was_found_before_it_broke_off_is_reported(
    error: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_off() -> Iterator[Finding]:
        yield FOUND
        raise error

    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(command.PROOFS, "attacks", breaks_off)
    done = CliRunner().invoke(command.main, ["attacks"])
    assert (done.exit_code, done.stderr) == (1, said)
    assert [found["what"] for found in json.loads(command.REPORT.read_text())["findings"]] == ["an attack"]
    assert "an attack" in done.stdout
