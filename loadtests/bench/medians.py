"""The medians of a bench's rounds, of those that count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from loadtests.bench.measure import Measurement
from loadtests.bench.verdict import Circumstances
from loadtests.measuring import median


def medians(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """One for each contender, load and client: of each figure the median, of failures the sum.

    A disturbed round adds its failures and nothing else; where all were disturbed no figure is left, and
    what disturbed them is.
    """
    groups: dict[tuple[int, float, str, str], list[Measurement]] = {}
    for one in measurements:
        groups.setdefault((one.streams, one.per_second, one.contender, one.client), []).append(one)
    return tuple(_median(group) for group in groups.values())


def _median(group: Sequence[Measurement]) -> Measurement:
    counted = [one for one in group if not one.disturbances]
    figures = {name: median([getattr(one, name) for one in counted]) for name in _floats(Measurement)}
    around = {
        name: median([getattr(one.circumstances, name) for one in counted or group])
        for name in _floats(Circumstances)
    }
    failures: Counter[str] = Counter()
    for one in group:
        failures.update(one.failures)
    changed: dict[str, Any] = {
        **figures,
        "failures": dict(failures),
        "circumstances": Circumstances(**around),
    }
    reasons = () if counted else tuple(dict.fromkeys(reason for one in group for reason in one.disturbances))
    return replace(group[0], **changed, disturbances=reasons)


def _floats(kind: type) -> list[str]:
    return [field.name for field in fields(kind) if field.type == "float" and field.name != "per_second"]
