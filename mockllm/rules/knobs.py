"""The knobs that one request turns, by its model name or its `mock` object."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from mockllm.faults import Fault, parse_fault
from mockllm.timing import PROFILES, Pace
from mockllm.values import ApiError, Search, Source, shown

MAX_TOKENS = 32_768
MAX_DIMENSIONS = 8192
_LARGEST_FLOAT = 3.4028234e38
Vectors = tuple[tuple[float, ...], ...] | Mapping[str, tuple[float, ...]]
"""Embeddings that are wanted: one for each input in turn, the last for all further ones, or by the input."""
DIALECTS = ("azure", "deepseek", "llamacpp", "mistral", "openrouter", "perplexity", "vllm")
"""Other servers whose chat completions can be spoken."""
_MAX_CALLS = 16
_REFUSAL = "I'm sorry, but I can't help with that."
_MAX_MILLISECONDS = 3_600_000
_MAX_VARIATION = 3


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a request asks of the mock itself. No `tokens` means a length that suits the prompt.

    `calls` is how many tools an answer calls, or the calls themselves, each a name with its arguments.
    """

    pace: Pace
    seed: int
    tokens: int | None = None
    text: str | None = None
    reasoning: int = 0
    thought: str | None = None
    refusal: str | None = None
    calls: int | tuple[tuple[str, str], ...] | None = None
    search: Search | None = None
    fault: Fault | None = None
    dialect: str = ""
    embedding: Vectors | None = None


def _profile(knobs: Knobs, value: Any) -> Knobs:
    if not isinstance(value, str) or value not in PROFILES:
        raise ValueError(f"expected one of {', '.join(PROFILES)}, got {shown(value)}")
    return replace(knobs, pace=PROFILES[value])


def _dialect(knobs: Knobs, value: Any) -> Knobs:
    if value not in DIALECTS:
        raise ValueError(f"expected one of {', '.join(DIALECTS)}, got {shown(value)}")
    return replace(knobs, dialect=value)


def _ttft(knobs: Knobs, value: Any) -> Knobs:
    # Exactly what is asked for: a prompt adds nothing, unless its cost is asked for too.
    return replace(knobs, pace=replace(knobs.pace, ttft_seconds=_milliseconds(value), prefill_seconds=0.0))


def _itl(knobs: Knobs, value: Any) -> Knobs:
    return replace(knobs, pace=replace(knobs.pace, itl_seconds=_milliseconds(value)))


def _prefill(knobs: Knobs, value: Any) -> Knobs:
    return replace(knobs, pace=replace(knobs.pace, prefill_seconds=_milliseconds(value)))


def _cv(knobs: Knobs, value: Any) -> Knobs:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= _MAX_VARIATION:
        raise ValueError(
            f"expected a coefficient of variation from 0 to {_MAX_VARIATION}, got {shown(value)}"
        )
    return replace(knobs, pace=replace(knobs.pace, variation=float(value)))


def _tokens(knobs: Knobs, value: Any) -> Knobs:
    if not _is_whole(value) or not 1 <= value <= MAX_TOKENS:
        raise ValueError(f"expected a whole number from 1 to {MAX_TOKENS}, got {shown(value)}")
    return replace(knobs, tokens=int(value))


def _seed(knobs: Knobs, value: Any) -> Knobs:
    if not _is_whole(value):
        raise ValueError(f"expected a whole number, got {shown(value)}")
    return replace(knobs, seed=int(value))


def _text(knobs: Knobs, value: Any) -> Knobs:
    if isinstance(value, dict):
        return replace(knobs, text=json.dumps(value, ensure_ascii=False))
    if not isinstance(value, str):
        raise ValueError(f"expected a string, or an object to be told as JSON, got {shown(value)}")  # noqa: TRY004 - one error type for the caller
    return replace(knobs, text=value)


def _reasoning(knobs: Knobs, value: Any) -> Knobs:
    if isinstance(value, str):
        # About as many tokens as it has; what it costs is counted when it is written.
        return replace(knobs, reasoning=len(value) // 4 + 1, thought=value)
    if not _is_whole(value) or not 0 <= value <= MAX_TOKENS:
        raise ValueError(f"expected a whole number from 0 to {MAX_TOKENS} or a text, got {shown(value)}")
    return replace(knobs, reasoning=int(value), thought=None)


def _refusal(knobs: Knobs, value: Any) -> Knobs:
    if not isinstance(value, str | bool):
        raise ValueError(f"expected true or the words of the refusal, got {shown(value)}")  # noqa: TRY004
    return replace(knobs, refusal=value if isinstance(value, str) else _REFUSAL if value else None)


def _calls(knobs: Knobs, value: Any) -> Knobs:
    if isinstance(value, list) and 1 <= len(value) <= _MAX_CALLS:
        return replace(knobs, calls=tuple(map(_call, value)))
    if not _is_whole(value) or not 0 <= value <= _MAX_CALLS:
        raise ValueError(
            f"expected a whole number from 0 to {_MAX_CALLS}, or a list of calls such as "
            f'{{"name": "get_weather", "arguments": {{"city": "Paris"}}}}, got {shown(value)}'
        )
    return replace(knobs, calls=int(value))


def _call(value: Any) -> tuple[str, str]:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or not value["name"]:
        raise ValueError(f"expected a call with a name, got {shown(value)}")
    arguments = value.get("input", value.get("arguments", {}))
    # Words are taken as they are: what a client does with broken JSON wants testing, too.
    text = arguments if isinstance(arguments, str) else msgspec.json.encode(arguments).decode()
    return value["name"], text


def _search(knobs: Knobs, value: Any) -> Knobs:
    sources = value.get("sources", []) if isinstance(value, dict) else None
    if not isinstance(sources, list) or not isinstance(value.get("query"), str):
        example = '{"query": "rivers", "sources": [{"url": "https://example.com", "title": "Rivers"}]}'
        raise ValueError(f"expected a search such as {example}, got {shown(value)}")  # noqa: TRY004
    return replace(knobs, search=Search(value["query"], tuple(map(_source, sources))))


def _source(value: Any) -> Source:
    url, title = (value.get("url"), value.get("title", "")) if isinstance(value, dict) else ("", "")
    if not url or not isinstance(url, str) or not isinstance(title, str):
        raise ValueError(f"expected a source with url and title, got {shown(value)}")
    return Source(url, title)


def _fault(knobs: Knobs, value: Any) -> Knobs:
    if not isinstance(value, str):
        raise ValueError(f"expected a string such as 'noop@20', got {shown(value)}")  # noqa: TRY004
    return replace(knobs, fault=parse_fault(value))


def _embedding(knobs: Knobs, value: Any) -> Knobs:
    if isinstance(value, dict) and value:
        return replace(knobs, embedding={str(text): _vector(each) for text, each in value.items()})
    several = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    return replace(knobs, embedding=tuple(map(_vector, several)))


def _vector(value: Any) -> tuple[float, ...]:
    is_vector = isinstance(value, list) and 1 <= len(value) <= MAX_DIMENSIONS
    if not is_vector or not all(_is_number(each) and abs(each) <= _LARGEST_FLOAT for each in value):
        raise ValueError(
            f"expected from 1 to {MAX_DIMENSIONS} numbers of 32 bits, a list of such lists, or these "
            f"by the input, got {str(value)[:80]}"
        )
    return tuple(map(float, value))


KNOBS: dict[str, Callable[[Knobs, Any], Knobs]] = {
    # The profile stands first: the finer knobs are laid over it.
    "profile": _profile,
    "ttft": _ttft,
    "itl": _itl,
    "prefill": _prefill,
    "cv": _cv,
    "tokens": _tokens,
    "seed": _seed,
    "text": _text,
    "reasoning": _reasoning,
    "refusal": _refusal,
    "calls": _calls,
    "search": _search,
    "fault": _fault,
    "dialect": _dialect,
    "embedding": _embedding,
}


def turn_by_object(knobs: Knobs, values: Mapping[str, Any]) -> Knobs:
    """Turn the knobs of the body's `mock` object.

    Raises ApiError for an unknown knob or a value that makes no sense.
    """
    for name in values:
        if name not in KNOBS:
            known = ", ".join(KNOBS)
            raise ApiError(
                400,
                f"mock.{name}: unknown knob; the known ones are {known}",
                param=f"mock.{name}",
                code="unknown_knob",
            )
    for name, turn in KNOBS.items():
        if values.get(name) is None:
            continue
        try:
            knobs = turn(knobs, values[name])
        except ValueError as error:
            raise ApiError(400, f"mock.{name}: {error}", param=f"mock.{name}", code="invalid_knob") from error
    return knobs


def _milliseconds(value: Any) -> float:
    if not _is_number(value) or not 0 <= value <= _MAX_MILLISECONDS:
        raise ValueError(f"expected milliseconds from 0 to {_MAX_MILLISECONDS}, got {shown(value)}")
    return float(value) / 1000


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
