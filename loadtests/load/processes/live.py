"""What a run is doing at this moment, over all its processes: for the terminal, and for Locust's page."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec

from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import shown
from loadtests.load.summary import row_of

WINDOW = 10
"""Over how many of the last looks a rate and a TTFT are taken; there is one a second."""


class Live(msgspec.Struct, frozen=True):
    """Rate and TTFT are those of the answers that ended in the last seconds; failures are all so far."""

    rate: float = 0.0
    open: int = 0
    ttft_p50_ms: float | None = None
    ttft_p95_ms: float | None = None
    failures: int = 0


class Watch:
    """Looks at the answers of a run again and again."""

    def __init__(self) -> None:
        self.seen = Live()
        self._begin()

    def _begin(self) -> None:
        self._looks: deque[tuple[float, int]] = deque(maxlen=WINDOW + 1)
        self._failures = 0

    def look(self, records: Sequence[Record], asked: int, now: float) -> Live:
        """What is seen at this time, in seconds of any clock."""
        if self._looks and self._looks[-1][1] > len(records):
            self._begin()
        # Only of what has come since: a look must cost nothing that the run would feel.
        fresh = records[self._looks[-1][1] if self._looks else 0 :]
        self._failures += sum(record.outcome != RIGHT for record in fresh)
        self._looks.append((now, len(records)))
        since, count = self._looks[0]
        recent = records[count:]
        ttft = row_of("", "TTFT", (record.timing.ttft for record in recent if record.timing))
        self.seen = Live(
            rate=round(len(recent) / (now - since), 2) if now > since else 0.0,
            open=max(0, asked - len(records)),
            ttft_p50_ms=ttft.p50_ms if ttft else None,
            ttft_p95_ms=ttft.p95_ms if ttft else None,
            failures=self._failures,
        )
        return self.seen


def write(live: Live, path: Path) -> None:
    """Write it where another process reads it, never half of it."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(msgspec.json.encode(live))
    unfinished.replace(path)


def line(path: Path) -> str:
    """What was last written there, in one line; nothing before there is something."""
    if not path.exists():
        return ""
    live = msgspec.json.decode(path.read_bytes(), type=Live)
    times = f"TTFT {shown(live.ttft_p50_ms)} ms (p50), {shown(live.ttft_p95_ms)} (p95)"
    return f"{live.rate:.1f} answers/s, {live.open} open, {times}, {live.failures} failures"
