"""Which recorded request is the one that came, and if none is, how the nearest differs. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from mockllm.journal.cassettes.cassette import RecordedRequest
from mockllm.values import digest

_SHOWN = 3
_NOTHING = object()


def request_key(request: RecordedRequest) -> str:
    """Name what is asked: neither the order of keys nor white space counts."""
    body = msgspec.json.encode(request.json, order="deterministic")
    return digest(request.method, request.path, body, request.base64 or "").hex()


def nearest(asked: RecordedRequest, known: Iterable[RecordedRequest]) -> tuple[RecordedRequest, str] | None:
    """Return the recorded request with the fewest differences, and these in words.

    Only requests of the same method and path come into question.
    """
    best: tuple[int, RecordedRequest, list[str]] | None = None
    for candidate in known:
        if (candidate.method, candidate.path) != (asked.method, asked.path):
            continue
        found = list(_differences(asked, candidate))
        if best is None or len(found) < best[0]:
            best = (len(found), candidate, found)
    if best is None:
        return None
    count, candidate, found = best
    more = f"; and {count - _SHOWN} more" if count > _SHOWN else ""
    return candidate, "; ".join(found[:_SHOWN]) + more


def _differences(asked: RecordedRequest, candidate: RecordedRequest) -> Iterator[str]:
    came, recorded = dict(_leaves(asked.json)), dict(_leaves(candidate.json))
    for path in dict.fromkeys((*came, *recorded)):
        got, had = came.get(path, _NOTHING), recorded.get(path, _NOTHING)
        if got != had:
            yield f"{path or 'body'}: recorded {_shown(had)}, got {_shown(got)}"
    if asked.base64 != candidate.base64:
        yield "body: other bytes, which are not JSON"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key in value:
            yield from _leaves(value[key], f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def _shown(value: Any) -> str:
    if value is _NOTHING:
        return "nothing"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."
