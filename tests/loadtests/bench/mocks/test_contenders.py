"""How the mocks are got that are measured."""

from pathlib import Path

import pytest

from loadtests.bench.mocks import contenders
from loadtests.bench.mocks.contenders import OTHER, MockLoad


def test_without_npm_it_is_said_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contenders, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="aimock needs npm"):
        OTHER.command(1, MockLoad(1, 2, 3))
