"""The figures that the app is held to, those of the table and those that take a run of their own."""

from __future__ import annotations

import contextlib
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace

from loadtests.bench.contenders import DEPLOYED, DIRECT, FASTAPI, NGINX, OURS, Contender
from loadtests.bench.measure import Measurement, Point, measure
from loadtests.bench.report import Bar
from loadtests.bench.stand import ask, stand

ONE_TOKEN = "bench-tokens1-every1"  # noqa: S105  # a model's name
MANY = Point(streams=5000, per_second=1, tokens=20, ramp_seconds=10)
LENGTHS = (100, 1_000, 10_000)
WARM_UP_TOKENS = 1_000
FLAT_TOKENS = 4_000
"""How many tokens of each length a stream is given, if one answer does not have more."""


def table_bars(medians: Sequence[Measurement]) -> list[Bar]:
    """Those that follow from the table, as far as it has what they compare."""
    rows = {(row.contender, row.streams): row for row in medians}

    def ours(streams: int) -> Measurement:
        return rows[OURS.name, streams]

    def ratio(streams: int, other: Contender) -> float:
        return ours(streams).cpu_us_per_token / rows[other.name, streams].cpu_us_per_token

    def added_p99_ms() -> float:
        return ours(500).first_token_p99_ms - rows[DIRECT.name, 500].first_token_p99_ms

    def total_ratio() -> float:
        return ours(100).total_p50_seconds / rows[DIRECT.name, 100].total_p50_seconds

    def failed(streams: int) -> float:
        return float(sum(ours(streams).failures.values()))

    candidates: list[tuple[str, float, Callable[[], float], str]] = [
        ("CPU per token, 100 streams, of the FastAPI stack's", 1 / 5, lambda: ratio(100, FASTAPI), " ×"),
        ("CPU per token, 100 streams, of nginx's", 3.5, lambda: ratio(100, NGINX), " ×"),
        ("CPU per token, 500 streams, of the FastAPI stack's", 1 / 6, lambda: ratio(500, FASTAPI), " ×"),
        ("CPU per token, 500 streams, of nginx's", 2.7, lambda: ratio(500, NGINX), " ×"),
        ("time to first token added, 500 streams, p99", 100, added_p99_ms, " ms"),
        ("total of an answer, 100 streams, of the upstream's own", 1.01, total_ratio, " ×"),
        ("failures, 2,000 streams", 0, lambda: failed(2000), ""),
        ("memory per stream, 2,000 streams", 40, lambda: ours(2000).memory_kib_per_stream, " KiB"),
    ]
    bars: list[Bar] = []
    for what, limit, value, unit in candidates:
        with contextlib.suppress(KeyError):
            bars.append(Bar(what, limit, value(), unit))
    return bars


def one_at_a_time(requests: int) -> Bar:
    """What the app adds to the first token of an answer that comes alone, warm: the difference of medians."""
    with stand(OURS) as running:
        pairs = [
            (
                ask(OURS, running.port, ONE_TOKEN)[0],
                ask(DIRECT, running.upstream_port, ONE_TOKEN)[0],
            )
            for _ in range(requests)
        ]
    through, direct = (statistics.median(times) for times in zip(*pairs, strict=True))
    return Bar("time to first token added, one stream at a time, p50", 1.0, (through - direct) * 1000, " ms")


def many_streams(point: Point = MANY) -> Bar:
    """How many of very many streams fail."""
    with stand(OURS) as running:
        got = measure(running, point)
    failed = sum(got.failures.values())
    return Bar(f"failures, {point.streams:,} streams × {point.per_second:g} tokens/s", 0, failed)


def flat_cost(lengths: Sequence[int] = LENGTHS, rounds: int = 3) -> Bar:
    """How much dearer a token is in the answers where it is dearest than where it is cheapest.

    What the same token costs changes from second to second, so each length is measured for many seconds, and
    the lengths take turns. In a process that has just begun it costs a fifth more, whatever the length, so
    that each is warmed up. The streams begin 5.25 ms apart, which spreads them over the 5 ms between two
    tokens: those that fall together share a wake-up, and a token of theirs costs up to half less.
    """
    costs: dict[int, list[float]] = {tokens: [] for tokens in lengths}
    for _ in range(rounds):
        for tokens in lengths:
            point = Point(streams=20, per_second=200, tokens=tokens, ramp_seconds=20 * 0.00525)
            with stand(OURS) as running:
                measure(running, replace(point, tokens=WARM_UP_TOKENS))
                runs = [measure(running, point) for _ in range(max(1, FLAT_TOKENS // tokens))]
            costs[tokens].append(statistics.mean(run.cpu_us_per_token for run in runs))
    medians = [statistics.median(of_length) for of_length in costs.values()]
    what = f"cost per token, answers of {min(lengths):,} to {max(lengths):,} tokens, dearest of cheapest"
    return Bar(what, 1.15, max(medians) / min(medians), " ×")


def one_after_another(requests: int) -> Bar:
    """How many connections the upstream sees of answers that follow each other."""
    with stand(OURS) as running:
        before = running.upstream_stats()["connections"]
        for _ in range(requests):
            ask(OURS, running.port, "bench-tokens10-every1")
        # The connection of the warm-up carries them; this asks over one of its own.
        opened = running.upstream_stats()["connections"] - before - 1
    return Bar(f"upstream connections of {requests:,} answers, one after another", 1, opened + 1)


def start(rounds: int) -> Bar:
    """From the process's start to the first streamed token, beside the FastAPI stack."""
    seconds: dict[str, list[float]] = {DEPLOYED.name: [], FASTAPI.name: []}
    for _ in range(rounds):
        for contender in (DEPLOYED, FASTAPI):
            with stand(contender) as running:
                seconds[contender.name].append(running.start_seconds)
    ours, theirs = (statistics.median(times) if times else math.nan for times in seconds.values())
    return Bar("process start to first streamed token, of the FastAPI stack's", 1.0, ours / theirs, " ×")
