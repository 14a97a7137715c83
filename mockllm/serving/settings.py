"""All settings of the mock; the only file that reads an environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from mockllm.faults import Schedule, parse_schedule
from mockllm.journal import Library
from mockllm.rules import Knobs, load_rules, turn_by_knobs
from mockllm.timing import DEFAULT_PROFILE, PROFILES
from mockllm.values import ApiError

_HOSTS_THAT_ROUTE_TO_ALL_ADDRESSES = ("DYNO", "K_SERVICE", "RENDER", "FLY_APP_NAME")


def _variable(name: str) -> AliasChoices:
    return AliasChoices(name, name.lower())


class Settings(BaseSettings):
    """What the operator decides; everything else follows from the request."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    host: str = Field(default="127.0.0.1", validation_alias=_variable("HOST"))
    port: int = Field(default=8001, ge=0, le=65535, validation_alias=_variable("PORT"))
    workers: int = Field(default=1, ge=1, le=64, validation_alias=_variable("WEB_CONCURRENCY"))
    seed: int = Field(default=0, validation_alias=_variable("MOCKLLM_SEED"))
    profile: str = Field(default=DEFAULT_PROFILE, validation_alias=_variable("MOCKLLM_PROFILE"))
    speed: float = Field(default=1.0, ge=0, allow_inf_nan=False, validation_alias=_variable("MOCKLLM_SPEED"))
    api_key: str = Field(default="", validation_alias=_variable("MOCKLLM_API_KEY"))
    strict: bool = Field(default=False, validation_alias=_variable("MOCKLLM_STRICT"))
    models: str = Field(default="", validation_alias=_variable("MOCKLLM_MODELS"))
    faults: str = Field(default="", validation_alias=_variable("MOCKLLM_FAULTS"))
    rules: str = Field(default="", validation_alias=_variable("MOCKLLM_RULES"))
    cassette: str = Field(default="", validation_alias=_variable("MOCKLLM_CASSETTE"))
    knobs: str = Field(default="", validation_alias=_variable("MOCKLLM_KNOBS"))
    rpm: int = Field(default=0, ge=0, validation_alias=_variable("MOCKLLM_RPM"))
    tpm: int = Field(default=0, ge=0, validation_alias=_variable("MOCKLLM_TPM"))
    batch: int = Field(default=0, ge=0, validation_alias=_variable("MOCKLLM_BATCH"))
    slowdown: float = Field(default=2.0, ge=1, le=100, validation_alias=_variable("MOCKLLM_SLOWDOWN"))
    journal: int = Field(default=10_000, ge=0, validation_alias=_variable("MOCKLLM_JOURNAL"))
    lateness_limit: float = Field(
        default=5.0, gt=0, allow_inf_nan=False, validation_alias=_variable("MOCKLLM_LATENESS_LIMIT")
    )
    log_level: str = Field(default="error", validation_alias=_variable("MOCKLLM_LOG_LEVEL"))

    @field_validator("*")
    @classmethod
    def _characters_alone(cls, value: Any) -> Any:
        # Bytes of an environment that are no UTF-8 come as halves of characters, which no answer can hold.
        if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise ValueError("expected text in UTF-8")
        return value

    @field_validator("profile")
    @classmethod
    def _known_profile(cls, value: str) -> str:
        if value not in PROFILES:
            raise ValueError(f"expected one of {', '.join(PROFILES)}")
        return value

    @field_validator("faults")
    @classmethod
    def _readable_schedule(cls, value: str) -> str:
        parse_schedule(value)
        return value

    @field_validator("knobs")
    @classmethod
    def _known_knobs(cls, value: str) -> str:
        if value:
            try:
                turn_by_knobs(Knobs(PROFILES[DEFAULT_PROFILE], seed=0), value)
            except ApiError as error:
                raise ValueError(error.message) from error
        return value

    @field_validator("cassette")
    @classmethod
    def _playable_cassettes(cls, value: str) -> str:
        if value:
            Library(Path(value)).load()
        return value

    @field_validator("rules")
    @classmethod
    def _readable_rules(cls, value: str) -> str:
        if value:
            load_rules(Path(value))
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        levels = ("debug", "info", "warning", "error", "critical")
        if value not in levels:
            raise ValueError(f"expected one of {', '.join(levels)}")
        return value

    @property
    def schedule(self) -> Schedule:
        """The faults that strike requests which ask for none."""
        return parse_schedule(self.faults)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Settings() is the defaults and nothing else, so that tests do not depend on the shell they run in.
        return (init_settings,)

    @classmethod
    def from_env(cls, environ: Mapping[str, str], **flags: Any) -> "Settings":
        """Make settings of flags over variables over defaults.

        Raises pydantic.ValidationError for a value that makes no sense.
        """
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): value for name, value in environ.items() if value != ""}
        values: dict[str, Any] = {"host": "0.0.0.0"} if _is_hosted(environ) else {}  # noqa: S104
        values |= {_field_of(name): value for name, value in source().items()}
        return cls(**{**values, **flags})


def _is_hosted(environ: Mapping[str, str]) -> bool:
    return any(environ.get(name) for name in _HOSTS_THAT_ROUTE_TO_ALL_ADDRESSES)


def _field_of(variable: str) -> str:
    aliases = {name: field for field, info in Settings.model_fields.items() for name in _names(info)}
    return aliases.get(variable, variable)


def _names(info: Any) -> tuple[str, ...]:
    return tuple(info.validation_alias.choices)
