"""The figures that the app is held to: those of the table, and those that take a run of their own.

Costs are compared with requests, which every stack has; a bar stands for each way in which the client waits.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from loadtests.bench.contenders import DEPLOYED, DIRECT, FASTAPI, NGINX, OURS, Contender
from loadtests.bench.measure import Measurement, Point, measure
from loadtests.bench.report import Bar
from loadtests.bench.stand import ask, stand
from loadtests.rig import ClientMode

ONE_TOKEN = "bench-tokens1-every1"  # noqa: S105  # a model's name
MANY = Point(streams=5000, per_second=1, tokens=20, ramp_seconds=10)
LENGTHS = (100, 1_000, 10_000)
WARM_UP_TOKENS = 1_000
FLAT_TOKENS = 4_000
"""How many tokens of each length a stream is given, if one answer does not have more."""

Rows = Mapping[str, Measurement]
"""The medians of one load and one client, by contender."""


@dataclass(frozen=True)
class TableBar:
    """A bar on rows of the table, and whose rows they are."""

    what: str
    streams: int
    limit: float
    unit: str
    value: Callable[[Rows], float]
    beside: tuple[Contender, ...] = ()


def cost_of(other: Contender) -> Callable[[Rows], float]:
    def ratio(rows: Rows) -> float:
        ours, theirs = (rows[each.name].cpu_us_per_token_with_requests for each in (OURS, other))
        return ours / theirs

    return ratio


def _added_p99_ms(rows: Rows) -> float:
    return rows[OURS.name].first_token_p99_ms - rows[DIRECT.name].first_token_p99_ms


def _total_ratio(rows: Rows) -> float:
    return rows[OURS.name].total_p50_seconds / rows[DIRECT.name].total_p50_seconds


def _failed(rows: Rows) -> float:
    return float(sum(rows[OURS.name].failures.values()))


TABLE_BARS = (
    TableBar("CPU per token, of the FastAPI stack's", 100, 1 / 5, " ×", cost_of(FASTAPI), (FASTAPI,)),
    TableBar("CPU per token, of nginx's", 100, 3.5, " ×", cost_of(NGINX), (NGINX,)),
    TableBar("CPU per token, of the FastAPI stack's", 500, 1 / 6, " ×", cost_of(FASTAPI), (FASTAPI,)),
    TableBar("CPU per token, of nginx's", 500, 2.7, " ×", cost_of(NGINX), (NGINX,)),
    TableBar("time to first token added, p99", 500, 100, " ms", _added_p99_ms, (DIRECT,)),
    TableBar("total of an answer, of the upstream's own", 100, 1.01, " ×", _total_ratio, (DIRECT,)),
    TableBar("failures", 2000, 0, "", _failed),
    TableBar("memory per stream", 2000, 40, " KiB", lambda rows: rows[OURS.name].memory_kib_per_stream),
)


def table_bars(
    medians: Sequence[Measurement],
    streams: Collection[int],
    contenders: Collection[Contender],
    clients: Collection[ClientMode],
) -> list[Bar]:
    """The bars on what was to be measured; one whose rows are missing, or without figures, is not met."""
    rows: dict[tuple[int, ClientMode], dict[str, Measurement]] = {}
    for row in medians:
        rows.setdefault((row.streams, row.client), {})[row.contender] = row
    return [
        _bar(bar, rows.get((bar.streams, client), {}), client)
        for bar in TABLE_BARS
        if bar.streams in streams and {OURS, *bar.beside} <= {*contenders}
        for client in clients
    ]


def _bar(bar: TableBar, rows: Rows, client: ClientMode) -> Bar:
    what = f"{bar.what}, {bar.streams:,} streams, client {client}"
    absent = [each.name for each in (OURS, *bar.beside) if each.name not in rows]
    if absent:
        return Bar(what, bar.limit, math.nan, bar.unit, f"no row of {' and '.join(absent)}")
    disturbed = [rows[each.name].contender for each in (OURS, *bar.beside) if rows[each.name].disturbances]
    said = f"every round of {' and '.join(disturbed)} disturbed" if disturbed else ""
    return Bar(what, bar.limit, bar.value(rows), bar.unit, said)


def one_at_a_time(requests: int) -> Bar:
    """What the app adds to the first token of an answer that comes alone, warm: the difference of medians."""
    with stand(OURS) as running:
        pairs = [
            (
                ask(OURS, running.port, ONE_TOKEN)[0],
                ask(DIRECT, running.upstream.port, ONE_TOKEN)[0],
            )
            for _ in range(requests)
        ]
    through, direct = (statistics.median(times) for times in zip(*pairs, strict=True))
    return Bar("time to first token added, one stream at a time, p50", 1.0, (through - direct) * 1000, " ms")


def many_streams(point: Point = MANY) -> Bar:
    """How many of very many streams fail."""
    with stand(OURS) as running:
        got = measure(running, point, "asleep")
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
    reasons: set[str] = set()
    for _ in range(rounds):
        for tokens in lengths:
            point = Point(streams=20, per_second=200, tokens=tokens, ramp_seconds=20 * 0.00525)
            with stand(OURS) as running:
                measure(running, replace(point, tokens=WARM_UP_TOKENS), "asleep")
                runs = [measure(running, point, "asleep") for _ in range(max(1, FLAT_TOKENS // tokens))]
            reasons.update(reason for run in runs for reason in run.disturbances)
            costs[tokens].append(statistics.mean(run.cpu_us_per_token for run in runs))
    medians = [statistics.median(of_length) for of_length in costs.values()]
    what = f"cost per token, answers of {min(lengths):,} to {max(lengths):,} tokens, dearest of cheapest"
    return Bar(what, 1.15, max(medians) / min(medians), " ×", "; ".join(sorted(reasons)[:2]))


def one_after_another(requests: int) -> Bar:
    """How many connections the upstream sees of answers that follow each other."""
    with stand(OURS) as running:
        before = running.upstream.stats().connections
        for _ in range(requests):
            ask(OURS, running.port, "bench-tokens10-every1")
        # The connection of the warm-up carries them; this asks over one of its own.
        opened = running.upstream.stats().connections - before - 1
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
