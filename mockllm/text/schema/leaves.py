"""The strings and numbers of a generated value. Pure."""

import re
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from mockllm.text.letters import lowered
from mockllm.text.prompt import Brief
from mockllm.text.schema.texts import matching
from mockllm.values import Draws

_LONGEST = 20_000
_NARROW = 10
_DIGITS = Decimal("0.01")
_ABOUT_THE_TOPIC = frozenset({"query", "question", "topic", "subject", "title", "prompt", "search", "q"})
_SENTENCES = frozenset(
    {"text", "summary", "description", "explanation", "content", "message", "reason", "body"}
)


def string(schema: Mapping[str, Any], name: str, draws: Draws, brief: Brief | None) -> str:
    """Draw a string of the wanted format, pattern or length; else one about the topic, if any."""
    if "pattern" in schema:
        return matching(schema["pattern"], draws)
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]](draws)
    least, most = schema.get("minLength", 0), schema.get("maxLength", _LONGEST)
    text = _words(lowered(name), draws, brief)
    while len(text) < min(least, _LONGEST):
        text += " " + (draws.pick(brief.keys) if brief else "example")
    return text[:most] if len(text) > most else text


def number(schema: Mapping[str, Any], draws: Draws, *, whole: bool) -> int | float | None:
    """Draw a number within the limits, or return None if there is none.

    A small whole one, as people give them to tools; only limits that lie close together, as those of a share
    do, leave hundredths between them.
    """
    low, high = _limits(schema)
    whole = whole or ("multipleOf" not in schema and not _is_narrow(low, high))
    step = Decimal(str(schema["multipleOf"])) if "multipleOf" in schema else Decimal(1) if whole else _DIGITS
    if whole and step != step.to_integral_value():
        step *= step.as_integer_ratio()[1]
    low, high = _small(low, high, step)
    first = int((low / step).to_integral_value(ROUND_CEILING))
    last = int((high / step).to_integral_value(ROUND_FLOOR))
    if "exclusiveMinimum" in schema and first * step <= _exact(schema, "exclusiveMinimum"):
        first += 1
    if "exclusiveMaximum" in schema and last * step >= _exact(schema, "exclusiveMaximum"):
        last -= 1
    if first > last:
        return None if whole or "multipleOf" in schema else _between(low, high)
    value = draws.between(first, last) * step
    return int(value) if whole else float(value)


def _limits(schema: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    lows = [_exact(schema, key) for key in ("minimum", "exclusiveMinimum") if key in schema]
    highs = [_exact(schema, key) for key in ("maximum", "exclusiveMaximum") if key in schema]
    return max(lows, default=None), min(highs, default=None)


def _is_narrow(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and high - low <= _NARROW


def _small(low: Decimal | None, high: Decimal | None, step: Decimal) -> tuple[Decimal, Decimal]:
    """Narrow limits down to ten steps, the ones from 1 on if they are within."""
    span = _NARROW * step
    if low is None or low <= step:
        if high is None or high >= step:
            near = step if low is None or high is None or high - low > span else low
            return near, near + span if high is None else min(high, near + span)
        return (high - span if low is None else max(low, high - span)), high
    return low, low + span if high is None else min(high, low + span)


def _between(low: Decimal, high: Decimal) -> float | None:
    """Return the middle of limits that lie closer together than hundredths."""
    return float((low + high) / 2) if low <= high else None


def _exact(schema: Mapping[str, Any], key: str) -> Decimal:
    return Decimal(str(schema[key]))


def _words(name: str, draws: Draws, brief: Brief | None) -> str:
    if brief is None:
        return " ".join(["example", *re.findall(r"[a-z]+", name)])
    parts = set(re.split(r"[^a-z]+", name))
    if parts & _ABOUT_THE_TOPIC:
        return brief.topic
    if parts & _SENTENCES:
        return f"What matters about {brief.topic} is {draws.pick(brief.keys)}."
    # A name in the prompt, such as a city's, is what most arguments are about; a first word is no name.
    named = [key for key in brief.keys if "A" <= key[0] <= "Z" and not brief.topic.startswith(key)]
    return draws.pick(named or brief.keys)


def _digits(draws: Draws, count: int, alphabet: str = "0123456789abcdef") -> str:
    return "".join(draws.pick(alphabet) for _ in range(count))


def _date(draws: Draws) -> str:
    return f"20{draws.between(20, 29)}-{draws.between(1, 12):02}-{draws.between(1, 28):02}"


def _time(draws: Draws) -> str:
    return f"{draws.between(0, 23):02}:{draws.between(0, 59):02}:{draws.between(0, 59):02}Z"


def _uuid(draws: Draws) -> str:
    first, second, last = _digits(draws, 8), _digits(draws, 4), _digits(draws, 12)
    return f"{first}-{second}-4{_digits(draws, 3)}-a{_digits(draws, 3)}-{last}"


def _email(draws: Draws) -> str:
    return f"{draws.pick(('ada', 'grace', 'alan', 'edsger'))}{draws.between(1, 99)}@example.com"


_FORMATS = {
    "date-time": lambda draws: f"{_date(draws)}T{_time(draws)}",
    "date": _date,
    "time": _time,
    "duration": lambda draws: f"P{draws.between(1, 9)}DT{draws.between(1, 9)}H",
    "email": _email,
    "hostname": lambda draws: f"host{draws.between(1, 99)}.example.com",
    "ipv4": lambda draws: f"192.0.2.{draws.between(1, 254)}",
    "ipv6": lambda draws: f"2001:db8::{draws.between(1, 9999)}",
    "uri": lambda draws: f"https://example.com/{_digits(draws, 6)}",
    "url": lambda draws: f"https://example.com/{_digits(draws, 6)}",
    "uuid": _uuid,
}
