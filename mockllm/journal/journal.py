"""The journal: what was asked, what was answered, and when each token was due and left."""

import os
import sqlite3
import time
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from mockllm.api import read_body
from mockllm.journal.store import Store
from mockllm.timing import Delivery
from mockllm.values import ApiError, Turn

FILTERS = (
    "request_id",
    "client_request_id",
    "method",
    "path",
    "model",
    "status",
    "fault",
    "outcome",
    "phase",
)
MAX_PAGE = 1000

_MOST_BYTES = 128 * 1024 * 1024
_SECRET_HEADERS = frozenset(
    {"authorization", "cookie", "api-key", "x-api-key", "x-goog-api-key", "proxy-authorization"}
)
_INNER = frozenset({"planned", "actual", "late", "rest", "size"})
_INSERT = """
INSERT INTO requests
(request_id, client_request_id, method, path, model, status, fault, outcome, started, rest, size)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
UPDATE requests
SET outcome = ?, phase = ?, ended = ?, planned = ?, actual = ?, late = ?, size = size + ? WHERE number = ?
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it is known before anything of its answer is sent.

    `recalled` is all that was said, if the body refers to some of it and does not hold it.
    """

    request_id: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    started: float
    status: int
    model: str = ""
    fault: str = ""
    fault_written: str = ""
    answer: str = ""
    recalled: Sequence[Turn] = ()


class Journal:
    """Keeps the last `size` requests of all workers; fewer if they are large; of headers no secrets."""

    def __init__(self, store: Store, size: int) -> None:
        self._store = store
        self._size = size

    def begin(self, entry: Entry, outcome: str = "sending") -> int:
        """Record a request that is about to be answered; returns its number."""
        if not self._size:
            return 0
        client_request_id = entry.headers.get("X-Client-Request-Id")
        columns = (entry.request_id, client_request_id, entry.method, entry.path, entry.model, entry.status)
        rest = _rest(entry)
        row = (*columns, entry.fault, outcome, entry.started, rest, len(rest))
        with self._store.transaction() as connection:
            number = connection.execute(_INSERT, row).lastrowid or 0
            oldest = "DELETE FROM requests WHERE number <= ?"
            dropped = connection.execute(oldest, (number - self._size,)).rowcount
            if dropped:
                connection.execute("UPDATE dropped SET requests = requests + ?", (dropped,))
            while connection.execute("SELECT bytes FROM dropped").fetchone()[0] > _MOST_BYTES:
                connection.execute("DELETE FROM requests WHERE number = (SELECT min(number) FROM requests)")
                connection.execute("UPDATE dropped SET requests = requests + 1")
        return number

    def end(self, number: int, delivery: Delivery) -> None:
        """Record what became of the answer; a request that a reset has removed stays removed."""
        if not number:
            return
        times = (delivery.due_times, delivery.token_times, delivery.late_seconds)
        blobs = [each.tobytes() for each in times]
        told = (delivery.outcome, phase(delivery), time.monotonic(), *blobs, sum(map(len, blobs)), number)
        with self._store.opened() as connection:
            connection.execute(_UPDATE, told)

    def page(
        self, filters: Mapping[str, str], *, after: int = 0, limit: int = 100, with_times: bool = True
    ) -> dict[str, Any]:
        """Return the requests that match, oldest first, from the one behind number `after` on."""
        where = " AND ".join(f"{name} = ?" for name in filters) or "true"
        matching = (
            f"FROM requests WHERE {where} AND number > ?"  # names are those of FILTERS, values are bound
        )
        values = tuple(filters.values())
        with self._store.opened() as connection:
            rows = connection.execute(
                f"SELECT * {matching} ORDER BY number LIMIT ?", (*values, after, limit + 1)
            ).fetchall()
            (count,) = connection.execute(f"SELECT count(*) {matching}", (*values, 0)).fetchone()
            (dropped,) = connection.execute("SELECT requests FROM dropped").fetchone()
        shown = rows[:limit]
        return {
            "requests": [_told(row, with_times) for row in shown],
            "next": shown[-1]["number"] if len(rows) > limit else None,
            "matching": count,
            "dropped": dropped,
        }

    def clear(self) -> None:
        """Forget all requests. Their numbers are not given again: an answer may still be on its way."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM requests")
            connection.execute("UPDATE dropped SET requests = 0")


def phase(delivery: Delivery) -> str | None:
    """Say how far an answer came that did not come whole."""
    if delivery.outcome in ("complete", "sending"):
        return None
    if not delivery.head_sent:
        return "before_head"
    return "mid_stream" if delivery.token_times else "before_first_token"


def _rest(entry: Entry) -> bytes:
    headers = {name: value for name, value in entry.headers.items() if name.lower() not in _SECRET_HEADERS}
    rest = {
        "received": time.time(),
        "headers": headers,
        "body": entry.body.decode("utf-8", "replace"),
        "body_bytes": len(entry.body),
        "answer": entry.answer,
        "fault_written": entry.fault_written,
        "worker": os.getpid(),
        "recalled": [_without_bulk(turn) for turn in entry.recalled] or None,
    }
    return msgspec.json.encode(rest)


def _without_bulk(turn: Turn) -> Turn:
    """Return the words of a turn, and that something came with them, but not what: it may be megabytes."""
    return replace(turn, calls=(), attachments=tuple(replace(each, source="") for each in turn.attachments))


def _told(row: sqlite3.Row, with_times: bool) -> dict[str, Any]:
    told = {name: row[name] for name in row.keys() if name not in _INNER}  # noqa: SIM118
    told.update(msgspec.json.decode(row["rest"]))
    told["body"] = _parsed(told["body"])
    planned, actual = _times(row["planned"]), _times(row["actual"])
    late = sorted(_times(row["late"]))
    told["tokens"] = len(actual)
    told["lateness_ms"] = {
        name: round(late[min(int(share * len(late)), len(late) - 1)] * 1000, 3)
        for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
        if late
    }
    if with_times:
        told |= {"planned": planned, "actual": actual}
    return told


def _parsed(body: str) -> Any:
    try:
        return read_body(body.encode())
    except ApiError:
        return body


def _times(data: bytes | None) -> list[float]:
    times = array("d")
    times.frombytes(data or b"")
    return [round(at, 6) for at in times]
