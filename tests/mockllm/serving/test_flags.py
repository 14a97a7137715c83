from pathlib import Path

import pytest

from mockllm import Settings
from mockllm.serving import cli


def settings_of(monkeypatch: pytest.MonkeyPatch, *flags: str, **environ: str) -> Settings:
    """Return the settings with which a server would start."""
    served: list[Settings] = []
    monkeypatch.setattr(cli, "_serve", lambda settings, *_: served.append(settings))
    assert cli.main(flags, environ) == 0
    return served[0]


def test_flags_over_variables_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {
        "PORT": "9000",
        "MOCKLLM_SEED": "3",
        "MOCKLLM_PROFILE": "",
        "MOCKLLM_STRICT": "true",
        "HOST": "::1",
    }
    monkeypatch.setenv("MOCKLLM_BATCH", "7")  # of the process, which is not the environment that is given
    settings = settings_of(monkeypatch, "--port=8001", **environ)
    assert settings == Settings(port=8001, seed=3, strict=True, host="::1")
    assert settings_of(monkeypatch, "--strict") == Settings(strict=True)


def test_a_command_takes_the_flags_before_it_and_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    cassettes = Path(__file__).parent
    monkeypatch.setattr("mockllm.serving.settings.Library.load", lambda _, **__: None)
    flags = ("--port=1", "--journal=5", "replay", "--cassette", str(cassettes), "--speed=0")
    settings = settings_of(monkeypatch, *flags, PORT="2", MOCKLLM_SPEED="3", MOCKLLM_RPM="4")
    assert settings == Settings(port=1, journal=5, cassette=str(cassettes), speed=0, rpm=4)
    recording = ("record", "--cassette", "new", "--upstream", "https://api.openai.com/v1", "--port=3")
    assert settings_of(monkeypatch, *recording, WEB_CONCURRENCY="4") == Settings(port=3)


def test_a_hosting_platform_is_served_on_all_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of(monkeypatch, DYNO="web.1").host == "0.0.0.0"
    assert settings_of(monkeypatch, DYNO="web.1", HOST="127.0.0.2").host == "127.0.0.2"
    assert settings_of(monkeypatch, "--host=127.0.0.3", DYNO="web.1").host == "127.0.0.3"
    assert settings_of(monkeypatch).host == "127.0.0.1"
