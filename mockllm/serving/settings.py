"""All settings of the mock, checked. Where they come from is the command line's business."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from mockllm.faults import Schedule, parse_schedule
from mockllm.journal import Library, Upstream
from mockllm.rules import Knobs, load_rules, turn_by_knobs
from mockllm.timing import DEFAULT_PROFILE, PROFILES
from mockllm.values import ApiError

_HOSTS_THAT_ROUTE_TO_ALL_ADDRESSES = ("DYNO", "K_SERVICE", "RENDER", "FLY_APP_NAME")


class Settings(BaseModel):
    """What the operator decides; everything else follows from the request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    seed: int = 0
    profile: str = DEFAULT_PROFILE
    speed: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    api_key: str = ""
    strict: bool = False
    models: str = ""
    faults: str = ""
    rules: str = ""
    # Before the cassettes, of which there must be some unless a real API can be asked.
    upstream: str = ""
    cassette: str = Field(default="", validate_default=True)
    knobs: str = ""
    rpm: int = Field(default=0, ge=0)
    tpm: int = Field(default=0, ge=0)
    batch: int = Field(default=0, ge=0)
    slowdown: float = Field(default=2.0, ge=1, le=100)
    journal: int = Field(default=10_000, ge=0)
    lateness_limit: float = Field(default=5.0, gt=0, allow_inf_nan=False)
    log_level: str = "error"

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
    def _playable_cassettes(cls, value: str, info: ValidationInfo) -> str:
        has_upstream = bool(info.data.get("upstream"))
        if has_upstream and not value:
            raise ValueError("expected a directory to record in, as there is an upstream")
        if value:
            Library(Path(value)).load(may_be_empty=has_upstream)
        return value

    @field_validator("upstream")
    @classmethod
    def _reachable_upstream(cls, value: str) -> str:
        if value:
            Upstream(value)
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


def default_host(environ: Mapping[str, str]) -> str:
    """Return the address to listen on if none is named: a host that routes to containers needs them all."""
    is_hosted = any(environ.get(name) for name in _HOSTS_THAT_ROUTE_TO_ALL_ADDRESSES)
    return "0.0.0.0" if is_hosted else "127.0.0.1"  # noqa: S104
