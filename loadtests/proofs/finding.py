"""What a proof has found, beside the bar that it must reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec


@dataclass(frozen=True)
class Finding:
    """One row of the table: what was done, what must hold, what was measured, whether it holds."""

    what: str
    bar: str
    figure: str
    holds: bool
    details: Mapping[str, object] = field(default_factory=dict)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def as_json(findings: list[Finding], seconds: Mapping[str, float]) -> bytes:
    told = {"findings": findings, "seconds": seconds}
    return msgspec.json.format(msgspec.json.encode(told)) + b"\n"
