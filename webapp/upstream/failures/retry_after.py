"""Retry-After → seconds, whatever a server writes there (RFC 9110, 10.2.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 86_400.0
"""Who asks for more than a day asks for nothing that a caller could wait for."""


def retry_after_seconds(headers: Mapping[str, str], now: float) -> float | None:
    """Return how long to wait, None if that is not said or makes no sense. `now` is Unix time."""
    said = headers.get("retry-after")
    if said is None:
        milliseconds = _number(headers.get("retry-after-ms"))
        return None if milliseconds is None else _sane(milliseconds / 1000)
    seconds = _number(said)
    return _sane(_until(said, now) if seconds is None else seconds)


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
