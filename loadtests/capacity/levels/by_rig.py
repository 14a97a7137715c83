"""Asks one level of the app on its stand by the rig's counting client, which costs a tenth of it as well.

Where app, mock and Locust share two cores, these two give out before the app does. Here the app has one core,
and client and upstream, which parse nothing, have the rest: it is the app that gives out. What the client
counts are tokens and ends; the bytes of each answer are the matter of the load test.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from loadtests.capacity.levels.crowd import Crowd
from loadtests.capacity.levels.stand import MODEL, Stand, question
from loadtests.capacity.step import Step, StoppedError, step_of
from loadtests.chat import Timing
from loadtests.load import (
    NOTHING,
    POISSON,
    RIGHT,
    Record,
    Report,
    answers_needed,
    arrivals,
    gates,
    good_answers,
    read_limits,
    report_of,
    stages_of,
)
from loadtests.measuring import (
    DISTURBING_SHARE,
    cpu_seconds,
    percentile_of_counts,
    processor_time,
    queued_seconds,
)
from loadtests.rig import HOST, WORD, Load, Outcome, UpstreamStats, cores, counted

EVERY_MS = 20
TOKENS_OF_AN_ARRIVAL = 50
RAMP_SHARE = 0.4
"""Of the time of an answer, in which all streams begin: the rest they are open together."""
SPARE = 1.3
"""Arrivals come at random."""
PATIENCE_SECONDS = 30.0
"""Behind the time that the answers take by themselves: an app that needs more has missed any limit."""
BUSY_LIMIT = 0.8
LATE_LIMIT_MS = EVERY_MS / 2
QUEUED_LIMIT = 0.05


@dataclass(frozen=True)
class _Reading:
    seconds: float
    app: float
    queued: float
    upstream: float
    stats: UpstreamStats


@dataclass
class ByRig:
    """The runs of a search on one stand."""

    stand: Stand
    limits: Path
    seconds: int
    warm_up_seconds: float
    seed: int
    asked: list[float] = field(default_factory=list)

    @property
    def least(self) -> Mapping[str, float]:
        """So much that the answers of a run are enough for the limits."""
        needed = answers_needed(read_limits(self.limits))
        return {"rate": round(SPARE * needed / self.seconds, 1), "streams": float(needed)}

    def at_rate(self, level: float) -> Step:
        """Answers of a second, asked for at random moments; raises StoppedError."""
        seconds = self.warm_up_seconds + self.seconds
        seed = self.seed + self.asked.count(level)
        due = tuple(arrivals(stages_of(f"{seconds:g}:{level:g}"), POISSON, seed))
        return self._ask(level, self._load(len(due), TOKENS_OF_AN_ARRIVAL, seconds, due), is_open=True)

    def at_streams(self, level: float) -> Step:
        """Answers as long as the run, of streams that begin evenly in its first part; raises StoppedError."""
        tokens = round(self.seconds * 1000 / EVERY_MS)
        return self._ask(level, self._load(round(level), tokens, self.seconds * RAMP_SHARE), is_open=False)

    def _load(self, streams: int, tokens: int, ramp: float, due: tuple[float, ...] = ()) -> Load:
        body = question(f"{MODEL}-tokens{tokens}-every{EVERY_MS}")
        head = (
            f"POST /chat HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nAccept: */*\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return Load(
            port=self.stand.port,
            request=head + body,
            streams=streams,
            tokens=tokens,
            word=WORD,
            ramp_seconds=ramp,
            expected_seconds=tokens * EVERY_MS / 1000,
            client="asleep",
            arrivals=due,
            patience_seconds=PATIENCE_SECONDS,
        )

    def _ask(self, level: float, load: Load, *, is_open: bool) -> Step:
        self.asked.append(level)
        crowd, machine, before = Crowd(), processor_time(), self._reading()
        outcome = _outcome(load)
        after = self._reading()
        seconds = after.seconds - before.seconds
        shares = {
            "app": (after.app - before.app) / seconds,
            "upstream": (after.upstream - before.upstream) / seconds,
            "client": outcome.busy_share,
        }
        doubts = (
            *disturbances(
                stolen=processor_time().stolen_since(machine),
                queued=(after.queued - before.queued) / seconds if cores().are_apart else math.nan,
                client=outcome.busy_share,
                late_ms=_late_ms(before.stats, after.stats),
            ),
            *crowd.disturbances(),
        )
        step = step_of(level, self._report(outcome, load, is_open=is_open), doubts)
        return replace(step, cores={name: round(share, 3) for name, share in shares.items()})

    def _reading(self) -> _Reading:
        pid = self.stand.pid
        return _Reading(
            time.monotonic(),
            cpu_seconds(pid),
            queued_seconds(pid),
            self.stand.upstream.cpu_seconds(),
            self.stand.upstream.stats(),
        )

    def _report(self, outcome: Outcome, load: Load, *, is_open: bool) -> Report:
        held = read_limits(self.limits)
        records = records_of(outcome, load.tokens, self.warm_up_seconds if is_open else 0.0, is_open=is_open)
        if not records:
            return NOTHING
        report = report_of(records, len(records), {}, POISSON if is_open else "")
        report = replace(report, good=good_answers(records, held))
        return replace(report, gates=tuple(gates(report, held)))


def _outcome(load: Load) -> Outcome:
    try:
        return next(line for line in counted(load, on=cores().load) if isinstance(line, Outcome))
    except KeyboardInterrupt as error:
        raise StoppedError from error


def records_of(outcome: Outcome, tokens: int, warm_up_seconds: float, *, is_open: bool) -> list[Record]:
    """The answers as the load test would have noted them; of an open load each has been due at its time."""
    mode = "/chat streaming"
    found = [
        Record(
            request_id="",
            mode=mode,
            outcome=RIGHT,
            sent=answer.sent,
            due=answer.due if is_open else None,
            timing=None if answer.due < warm_up_seconds else _timing(answer.first, answer.total, tokens),
            is_warm_up=answer.due < warm_up_seconds,
        )
        for answer in outcome.answers
    ]
    found += [
        Record(request_id="", mode=mode, outcome=kind, sent=0.0)
        for kind, count in outcome.failures.items()
        for _ in range(count)
    ]
    return found


def _timing(first: float, total: float, tokens: int) -> Timing:
    return Timing(ttfb=first, ttft=first, itl=(), tpot=(total - first) / (tokens - 1), total=total)


def disturbances(*, stolen: float, queued: float, client: float, late_ms: float) -> tuple[str, ...]:
    """Each reason not to count a run. What is not known is none."""
    rules = (
        (stolen > DISTURBING_SHARE, f"the hypervisor took {stolen:.1%}, limit {DISTURBING_SHARE:.0%}"),
        (queued > QUEUED_LIMIT, f"the app waited for its core, {queued:.0%}, limit {QUEUED_LIMIT:.0%}"),
        (client > BUSY_LIMIT, f"the client was busy for {client:.0%} of a core, limit {BUSY_LIMIT:.0%}"),
        (
            late_ms > LATE_LIMIT_MS,
            f"the upstream was {late_ms:.0f} ms late at p99, limit {LATE_LIMIT_MS:.0f} ms",
        ),
    )
    return tuple(reason for broken, reason in rules if broken)


def _late_ms(before: UpstreamStats, after: UpstreamStats) -> float:
    counts = {float(at): count - before.late_ms.get(at, 0) for at, count in after.late_ms.items()}
    return percentile_of_counts(counts, 0.99)
