import pytest
from pydantic import ValidationError

from mockllm import Settings


def test_flags_over_variables_over_defaults() -> None:
    environ = {"PORT": "9000", "MOCKLLM_SEED": "3", "MOCKLLM_PROFILE": ""}
    settings = Settings.from_env(environ, port=8001)
    assert settings == Settings(port=8001, seed=3)


def test_a_hosting_platform_is_served_on_all_addresses() -> None:
    assert Settings.from_env({"DYNO": "web.1"}).host == "0.0.0.0"
    assert Settings.from_env({"DYNO": "web.1", "HOST": "127.0.0.2"}).host == "127.0.0.2"
    assert Settings.from_env({}).host == "127.0.0.1"


def test_the_shell_is_not_read_behind_the_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKLLM_SEED", "5")
    assert Settings().seed == 0
    assert Settings.from_env({}).seed == 0


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().seed = 1  # type: ignore[misc] # the mistake under test


@pytest.mark.parametrize(
    "environ",
    [{"MOCKLLM_SPEED": "nan"}, {"MOCKLLM_SPEED": "-1"}, {"PORT": "70000"}, {"MOCKLLM_LOG_LEVEL": "loud"}],
)
def test_senseless_values_are_refused(environ: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.from_env(environ)
