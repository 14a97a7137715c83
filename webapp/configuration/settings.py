"""The app's configuration, read from an environment once, at the start.

The OpenAI SDK reads `OPENAI_API_KEY`, `OPENAI_BASE_URL` and its other variables itself; gunicorn.conf.py
reads `HOST`, `PORT` and `WEB_CONCURRENCY`. Everything else is here; what the limits cost is in
docs/security.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from webapp.configuration.hosts import (
    ELSEWHERE,
    GRACE_MARGIN_SECONDS,
    Host,
    deadline_seconds,
    detected,
)
from webapp.configuration.misspelling import near_miss

PREFIX = "CHAT_"
LEAST_TOKEN_CHARS = 16
WORKER_CONNECTIONS = 10_000
"""How many connections one worker holds to clients, and keeps to the model's API when they are idle."""
KNOWN_NAME_CHARS = 200
"""The longest name of a model that is remembered: a body may hold one of a megabyte."""
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
REASONING_EFFORTS: tuple[str, ...] = get_args(ReasoningEffort)
_ORIGIN = re.compile(r"https?://[^/?#@\s]+")
_PATTERN = re.compile(r"[*?[]")
"""What fnmatch takes for more than itself."""


class SettingsError(ValueError):
    """One line that names the variable, what it takes and what came."""


class Settings(BaseModel):
    """Frozen. Durations are seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    model: str = Field("gpt-5.4-mini", min_length=1, max_length=200)
    """The model asked when a request names none."""
    models: str = ""
    """Patterns of the models a request may name, separated by commas. Empty: only `model`."""
    system_prompt: str = Field("", max_length=100_000)
    """Put before every conversation."""
    allow_system_messages: bool = False
    """Whether a caller may send messages of role `system`."""

    max_body_bytes: int = Field(1_000_000, ge=1_000)
    """The largest request that is read."""
    max_messages: int = Field(200, ge=1)
    """How many messages of a conversation the model is sent: of a longer one the last."""
    max_message_chars: int = Field(32_000, ge=1)
    """How long one message of the user may be. What the model wrote is measured by its own context."""
    max_output_tokens: int = Field(4_096, ge=1)
    """The most a request may ask for, and what it gets when it asks for nothing."""
    reasoning_effort: Literal["", ReasoningEffort] = ""
    """How much the model thinks where a request does not say. Empty: the model's own default."""
    show_reasoning: bool = True
    """Whether callers get what the model lets see of its thinking, or only learn that it thinks."""
    think_tag_models: str = "*deepseek-r1*,*qwq*,*magistral*"
    """Patterns of the models that write their thinking into the answer: `<think>...</think>` at its head."""
    upstream_dialect: Literal[
        "auto", "azure", "gemini", "llama.cpp", "mistral", "ollama", "openai", "transformers", "vllm"
    ] = "auto"
    """Which server the model's API is. `auto` finds out which fields it takes; docs/upstreams.md says when to
    name it."""

    heartbeat_seconds: float = Field(15, gt=0)
    """How long a stream may be silent before a heartbeat goes out. Heroku cuts one after 55 s."""
    connect_timeout_seconds: float = Field(5, gt=0)
    """How long the model's API may take to accept a connection."""
    first_token_timeout_seconds: float = Field(120, gt=0)
    """How long the model may take to its first token."""
    token_timeout_seconds: float = Field(60, gt=0)
    """How long the model may pause between two tokens."""
    total_timeout_seconds: float = Field(600, gt=0)
    """How long a whole answer may take."""
    deadline_seconds: float = Field(0, ge=0)
    """When to interrupt an answer, to be continued by a next request. 0: never. By default a little before
    the host would cut it, where the host is known."""
    body_timeout_seconds: float = Field(30, gt=0)
    """How long the body of a request may take to come."""
    send_timeout_seconds: float = Field(30, gt=0)
    """How long a client may take nothing of what is sent to it."""
    shutdown_grace_seconds: float = Field(25, gt=0)
    """From SIGTERM to the end of the process. By default a little less than the host gives."""
    prefill_models: str = "mock*"
    """Patterns of the models that continue a last message of role `assistant` by themselves, without being
    asked to."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged. Health checks and scrapes are `debug`."""

    max_streams: int = Field(1_000, ge=0)
    """How many answers one worker process writes at once. This limit and those below: 0 means none."""
    max_streams_per_client: int = Field(0, ge=0)
    """The same for one client."""
    requests_per_minute: int = Field(0, ge=0)
    """How often one client may ask."""
    tokens_per_minute: int = Field(0, ge=0)
    """Of prompts and answers, for one client."""
    tokens_per_day: int = Field(0, ge=0)
    """Of prompts and answers, for everybody together, from midnight to midnight UTC."""
    redis_url: SecretStr = SecretStr("")
    """Where all processes count together; also read from `REDIS_URL`. Empty: each counts for itself."""
    redis_verify_tls: bool = True
    """Whether the certificate of a rediss:// server is checked. By default not on Heroku, where it is
    self-signed."""

    access_token: SecretStr = SecretStr("")
    """What a request must bring as `Authorization: Bearer ...`. Empty: nothing."""
    metrics_token: SecretStr = SecretStr("")
    """The same for /metrics. Empty: whoever asks must be on the same machine."""
    allowed_origins: str = ""
    """Other sites whose pages may ask, such as `https://example.org`, separated by commas."""
    trusted_proxies: int = Field(0, ge=0, le=10)
    """How many proxies in front of the app add to X-Forwarded-For. By default what the host has."""

    @field_validator("tokens_per_minute", "tokens_per_day")
    @classmethod
    def _check_that_an_answer_fits(cls, limit: int, info: ValidationInfo) -> int:
        least = info.data.get("max_output_tokens", 0)
        if 0 < limit < least:
            raise PydanticCustomError(
                "too_few_tokens", f"expected 0, or at least the {least} of CHAT_MAX_OUTPUT_TOKENS"
            )
        return limit

    @field_validator("model")
    @classmethod
    def _check_model(cls, name: str) -> str:
        if not name.strip() or not name.isprintable():
            raise PydanticCustomError("model", "expected the name of a model, in one line")
        return name

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, url: SecretStr) -> SecretStr:
        given = url.get_secret_value()
        if not re.fullmatch(r"(rediss?://[^/\s]+\S*)?", given) or not _has_port_or_none(given):
            raise PydanticCustomError("redis_url", "expected redis://... or rediss://...")
        return url

    @field_validator("access_token", "metrics_token")
    @classmethod
    def _check_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(rf"([!-~]{{{LEAST_TOKEN_CHARS},}})?", token.get_secret_value()):
            raise PydanticCustomError(
                "token", f"expected at least {LEAST_TOKEN_CHARS} printable ASCII characters, no spaces"
            )
        return token

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, origins: str) -> str:
        if not all(_ORIGIN.fullmatch(origin) for origin in _patterns(origins)):
            raise PydanticCustomError(
                "allowed_origins", "expected origins such as https://example.org, separated by commas"
            )
        return origins

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read REDIS_URL and the variables that begin with CHAT_; an empty value counts as not set."""
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value != ""}
        unknown = unknown_variables(environ)
        for name in unknown:
            if meant := near_miss(_field(name), cls.model_fields):
                raise SettingsError(f"{name} is not a setting; did you mean {PREFIX}{meant.upper()}?")
        values = {**_of_host(detected(environ)), "redis_url": environ.get("REDIS_URL", "")}
        values |= {_field(name): value for name, value in given.items() if name not in unknown}
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError(_first_problem(error, given)) from None

    def allows_model(self, name: str) -> bool:
        """Whether a request may name this model."""
        return _matches(name, self.model_patterns)

    def model_group(self, name: str) -> str:
        """Return the name or pattern in this configuration that lets a request name this model."""
        if name == self.model:
            return name
        return next(pattern for pattern in self.model_patterns if fnmatchcase(name, pattern))

    def continues_by_itself(self, model: str) -> bool:
        """Whether the model goes on with a last message of role `assistant` without being asked to."""
        return _matches(model, _patterns(self.prefill_models))

    def writes_think_tags(self, model: str) -> bool:
        """Whether the model's thinking stands in its answer."""
        return _matches(model.lower(), _patterns(self.think_tag_models.lower()))

    @property
    def model_patterns(self) -> tuple[str, ...]:
        return _patterns(self.models) or (self.model,)

    @property
    def model_choices(self) -> tuple[str, ...]:
        """What a reader can choose from: the default, always, and what is named and no pattern."""
        named = tuple(name for name in self.model_patterns if not _PATTERN.search(name))
        return named if self.model in named else (self.model, *named)

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(_patterns(self.allowed_origins))


def _has_port_or_none(url: str) -> bool:
    """Whether the place in a URL can be taken apart."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


@lru_cache  # each request asks, of settings that stay
def _patterns(setting: str) -> tuple[str, ...]:
    return tuple(pattern for item in setting.split(",") if (pattern := item.strip()))


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return (_known_match if len(name) <= KNOWN_NAME_CHARS else _match)(name, patterns)


def _match(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


# Models are few; what callers make up is forgotten.
_known_match = lru_cache(maxsize=1000)(_match)


def _of_host(host: Host) -> dict[str, Any]:
    if host is ELSEWHERE:
        return {}
    grace = max(host.grace_seconds - GRACE_MARGIN_SECONDS, host.grace_seconds * 0.8)
    return {
        "shutdown_grace_seconds": grace,
        "deadline_seconds": deadline_seconds(host),
        "trusted_proxies": host.proxies,
        "redis_verify_tls": host.is_redis_verifiable,
    }


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """The variables that begin with CHAT_ and are no setting: somebody else's, or misspelt."""
    return sorted(
        name
        for name, value in environ.items()
        if name.startswith(PREFIX) and value and _field(name) not in Settings.model_fields
    )


def _field(variable: str) -> str:
    return variable.removeprefix(PREFIX).lower()


def _first_problem(error: ValidationError, given: Mapping[str, str]) -> str:
    problem = error.errors()[0]
    field = str(problem["loc"][0])
    variable = f"{PREFIX}{field.upper()}"
    # Also read by the name that hosts give it.
    line = f"{variable if variable in given else variable.removeprefix(PREFIX)}: {problem['msg']}"
    # What is secret, or holds a password, is not for the log.
    is_secret = Settings.model_fields[field].annotation is SecretStr
    return line if is_secret else f"{line}, got {str(problem['input'])[:100]!r}"
