import pytest

from webapp.configuration.settings import Settings, SettingsError, unknown_variables


def test_the_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_only_the_given_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_MODEL", "somebody-elses")
    assert Settings.from_env({"CHAT_MAX_MESSAGES": "7"}) == Settings(max_messages=7)


def test_an_empty_value_counts_as_not_set() -> None:
    assert Settings.from_env({"CHAT_MODEL": ""}) == Settings()


@pytest.mark.parametrize(
    ("models", "name", "allowed"),
    [
        ("", "m", True),
        ("", "other", False),
        ("mock*", "mock-ttft0", True),
        ("mock*", "m", False),
        (" a , b* ,", "b2", True),
        ("a,b", "B", False),
    ],
)
def test_models_are_allowed_by_patterns(models: str, name: str, allowed: bool) -> None:
    assert Settings(model="m", models=models).allows_model(name) is allowed


@pytest.mark.parametrize(
    ("name", "group"),
    [("m", "m"), ("mock-ttft0", "mock*"), ("mock-a", "mock*"), ("b", "b"), ("mock*", "mock*")],
)
def test_many_models_are_few_groups(name: str, group: str) -> None:
    assert Settings(model="m", models="mock*, mock-a, b").model_group(name) == group


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        (
            {"CHAT_MAX_MESSAGES": "many"},
            "CHAT_MAX_MESSAGES: Input should be a valid integer, unable to parse string as an integer, got 'many'",
        ),
        (
            {"CHAT_MAX_MESSAGES": "0"},
            "CHAT_MAX_MESSAGES: Input should be greater than or equal to 1, got '0'",
        ),
        (
            {"CHAT_HEARTBEAT_SECONDS": "-1"},
            "CHAT_HEARTBEAT_SECONDS: Input should be greater than 0, got '-1'",
        ),
        (
            {"CHAT_HEARTBEAT_SECONDS": "nan"},
            "CHAT_HEARTBEAT_SECONDS: Input should be a finite number, got 'nan'",
        ),
        (
            {"CHAT_TOTAL_TIMEOUT_SECONDS": "inf"},
            "CHAT_TOTAL_TIMEOUT_SECONDS: Input should be a finite number, got 'inf'",
        ),
        (
            {"CHAT_SERVICE_HOST": "10.0.0.1", "CHAT_ACESS_TOKEN": "x"},
            "CHAT_ACESS_TOKEN is not a setting; did you mean CHAT_ACCESS_TOKEN?",
        ),
        ({"CHAT_MODEL": " "}, "CHAT_MODEL: expected the name of a model, in one line, got ' '"),
        ({"CHAT_MODLE": "x"}, "CHAT_MODLE is not a setting; did you mean CHAT_MODEL?"),
        (
            {"CHAT_TOKENS_PER_DAY": "99", "CHAT_MAX_OUTPUT_TOKENS": "100"},
            "CHAT_TOKENS_PER_DAY: expected 0, or at least the 100 of CHAT_MAX_OUTPUT_TOKENS, got '99'",
        ),
        (
            {"CHAT_ALLOWED_ORIGINS": "https://a.example, *"},
            "CHAT_ALLOWED_ORIGINS: expected origins such as https://example.org, separated by commas, got 'https://a.example, *'",
        ),
        # A secret is not for the log.
        (
            {"CHAT_ACCESS_TOKEN": "too-short"},
            "CHAT_ACCESS_TOKEN: expected at least 16 printable ASCII characters, no spaces",
        ),
        (
            {"REDIS_URL": "http://user:secret@example.org"},
            "REDIS_URL: expected redis://... or rediss://...",
        ),
        ({"REDIS_URL": "redis://:secret@h:abc"}, "REDIS_URL: expected redis://... or rediss://..."),
        ({"CHAT_REDIS_URL": "redis://[::1"}, "CHAT_REDIS_URL: expected redis://... or rediss://..."),
    ],
)
def test_what_makes_no_sense_is_one_clear_line(environ: dict[str, str], line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)
    assert str(caught.value) == line


def test_what_kubernetes_sets_for_a_service_is_ignored_and_named() -> None:
    environ = {
        "CHAT_SERVICE_HOST": "10.0.0.1",
        "CHAT_PORT_80_TCP_ADDR": "10.0.0.1",
        "CHAT_MAX_MESSAGES": "7",
        "CHAT_PORT": "",
    }
    assert Settings.from_env(environ) == Settings(max_messages=7)
    assert unknown_variables(environ) == ["CHAT_PORT_80_TCP_ADDR", "CHAT_SERVICE_HOST"]


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, ""),
        ({"REDIS_URL": "redis://a:6379"}, "redis://a:6379"),
        ({"REDIS_URL": "redis://a:6379", "CHAT_REDIS_URL": "rediss://b"}, "rediss://b"),
        ({"REDIS_URL": "redis://a:6379", "CHAT_REDIS_URL": ""}, "redis://a:6379"),
    ],
)
def test_redis_is_where_hosts_say(environ: dict[str, str], url: str) -> None:
    assert Settings.from_env(environ).redis_url.get_secret_value() == url


@pytest.mark.parametrize(
    ("environ", "proxies", "verify"),
    [
        ({}, 0, True),
        ({"DYNO": "web.1"}, 1, False),
        ({"K_SERVICE": "chat"}, 1, True),
        ({"FLY_APP_NAME": "chat"}, 2, True),
        ({"DYNO": "web.1", "CHAT_TRUSTED_PROXIES": "2", "CHAT_REDIS_VERIFY_TLS": "true"}, 2, True),
    ],
)
def test_the_host_says_what_stands_in_front(environ: dict[str, str], proxies: int, verify: bool) -> None:
    settings = Settings.from_env(environ)
    assert (settings.trusted_proxies, settings.redis_verify_tls) == (proxies, verify)


def test_secrets_do_not_show() -> None:
    settings = Settings.from_env(
        {"CHAT_ACCESS_TOKEN": "sesame-sesame-sesame", "REDIS_URL": "redis://:sesame@a"}
    )
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("models", "choices"),
    [
        ("", ("m",)),
        ("gpt-4?,o[13],mock*", ("m",)),
        ("a,gpt-4?,b", ("m", "a", "b")),
        ("a,m", ("a", "m")),
    ],
)
def test_no_pattern_is_a_choice(models: str, choices: tuple[str, ...]) -> None:
    assert Settings(model="m", models=models).model_choices == choices
