from typing import Any

import pytest
from pydantic import ValidationError

from mockllm import Settings


def test_the_shell_is_not_read_behind_the_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKLLM_SEED", "5")
    assert Settings().seed == 0


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().seed = 1  # type: ignore[misc] # the mistake under test


@pytest.mark.parametrize(
    "senseless",
    [
        {"speed": float("nan")},
        {"speed": -1},
        {"port": 70_000},
        {"log_level": "loud"},
        {"sped": 2},
        {"upstream": "http://127.0.0.1/v1"},
        {"upstream": "nonsense", "cassette": "tape"},
    ],
)
def test_senseless_values_are_refused(senseless: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**senseless)
