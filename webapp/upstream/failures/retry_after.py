"""Retry-After, and what servers say in its place → seconds, whatever they write there (RFC 9110, 10.2.3)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from webapp.upstream.failures.words import gist

LONGEST_SECONDS = 86_400.0
"""Who asks for more than a day asks for nothing that a caller could wait for."""


LEAST_EPOCH_SECONDS = 10**9
"""A smaller number counts seconds from now, a larger one those since 1970, or their thousandths."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)", re.ASCII)
_LIMITS = ("requests", "tokens")
_WORDS = re.compile(
    r"(?:again in|retry (?:in|after)|retry[ _-]?(?:delay|after)[\"'\s:=]+)\s*"
    r"((?:\d+(?:\.\d+)?\s*(?:ms|h|m(?!s)|s)\s*)+|\d+(?:\.\d+)?)",
    re.IGNORECASE | re.ASCII,
)
"""OpenAI's, Azure's and Gemini's sentences, and Gemini's `retryDelay`."""


def retry_after_seconds(headers: Mapping[str, str], now: float) -> float | None:
    """Return how long to wait, None if that is not said or makes no sense. `now` is Unix time."""
    said = headers.get("retry-after")
    if said is not None:
        seconds = _duration(said)
        wait = _sane(_until(said, now) if seconds is None else seconds)
        if wait is not None:
            return wait
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return _sane(milliseconds / 1000)
    return _sane(_reset(headers, now))


def retry_after_in(words: str) -> float | None:
    """Return how long a sentence asks to wait, None if it does not."""
    found = _WORDS.search(gist(words))
    return _sane(_duration(found[1].strip())) if found else None


def _reset(headers: Mapping[str, str], now: float) -> float | None:
    """Return when a limit that is used up begins anew: of requests, of tokens, or the only one."""
    for limit in _LIMITS:
        if _number(headers.get(f"x-ratelimit-remaining-{limit}")) == 0:
            return _duration(headers.get(f"x-ratelimit-reset-{limit}"))
    said = _duration(headers.get("ratelimit-reset") or headers.get("x-ratelimit-reset"))
    if said is None or said < LEAST_EPOCH_SECONDS:
        return said
    return (said / 1000 if said > LEAST_EPOCH_SECONDS * 1000 else said) - now


def _duration(text: str | None) -> float | None:
    """Return the seconds of `7`, `1.5`, `7s` or `1m30s`."""
    number = _number(text)
    if number is not None or not text:
        return number
    parts = _DURATION.findall(text)
    is_all = "".join(f"{number}{unit}" for number, unit in parts) == re.sub(r"\s", "", text)
    return sum(float(number) * _UNITS[unit] for number, unit in parts) if is_all else None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _until(date: str | None, now: float) -> float | None:
    try:
        return parsedate_to_datetime(date or "").timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None


def _sane(seconds: float | None) -> float | None:
    if seconds is None or not math.isfinite(seconds):
        return None
    return seconds if 0 <= seconds <= LONGEST_SECONDS else None
