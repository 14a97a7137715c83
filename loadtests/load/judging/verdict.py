"""Whether a run can be trusted (the verdict), and whether it was good enough (the exit code)."""

from collections.abc import Iterator

from loadtests.load.report import Gate, Report, Row
from loadtests.measuring import DISTURBING_SHARE

MET, WRONG, MISSED, INVALID = 0, 1, 3, 4
"""The exit codes. Locust's own 2 is for a command line or a hook that fails."""

LAG_LIMIT_MS = 10.0
"""The load generator wakes this late at most: its share of each time that it notes, at the same percentile.

Half of a token's pace of 20 ms, and a fifth of the least delay that the limits of `make loadtest` must find.
"""
LATE_LIMIT_MS = 10.0
"""An arrival this late is no longer the one that the schedule wanted."""
MOCK_LIMIT_MS = 20.0
"""The latest token of an answer may leave the mock this late; above it, the mock is measured."""
WAIT_LIMIT_MS = 1.0
"""On average, each time that it wants a core: by so much all of its means and medians are too high.

A share of the run says less: at 1,000 tokens a second 5 % of it are 0.05 ms for each, which nobody sees.
"""
BUSY_LIMIT = 0.8
"""At this share of a core a queue of four is waiting on average, and bursts more (M/M/1)."""


def breaches(report: Report) -> list[str]:
    """Each reason, in one line, why answers or the test itself have failed."""
    lost = report.ledger.lost_aborts if report.ledger else 0
    rules = {
        "no answer was made": report.right + report.wrong == 0,
        f"{report.wrong} of {report.right + report.wrong} answers were wrong": report.wrong > 0,
        f"{report.unfinished} of {report.asked} answers were unfinished": report.unfinished != 0,
        f"{lost} aborts did not reach the upstream, which went on writing": lost > 0,
        "the load test itself raised exceptions": report.crashes > 0,
    }
    return [reason for reason, broken in rules.items() if broken]


def doubts(report: Report) -> Iterator[str]:
    """Each reason, in one line, not to trust the figures of the run."""
    yield from disturbances(report)
    yield from unjudged(report)


def disturbances(report: Report) -> Iterator[str]:
    """Those of load generator, machine and mock."""
    late = report.arrivals.late if report.arrivals else None
    for row, limit, what in (
        (report.client_lag, LAG_LIMIT_MS, "the load generator was late itself: event loop lag"),
        (late, LATE_LIMIT_MS, "arrivals did not keep their schedule: sent late by"),
    ):
        point, worst = _tail(row) if row else ("", 0.0)
        if worst > limit:
            yield f"{what} {point} {worst:.1f} ms, limit {limit:.0f} ms"
    if report.mock_late and (report.mock_late.p95_ms or 0.0) > MOCK_LIMIT_MS:
        came = f"p95 of the answers {report.mock_late.p95_ms:.1f} ms, limit {MOCK_LIMIT_MS:.0f} ms"
        yield f"the mock was saturated: its latest token left late by {came}"
    if report.journal_doubt:
        yield report.journal_doubt
    yield from _starvation(report)


def kept_up(report: Report) -> str:
    """Who is known to have done so in a VALID run."""
    known = ("the load generator", "the machine", *(("the mock",) if report.mock_late else ()))
    return f"{', '.join(known[:-1])} and {known[-1]}"


def unjudged(report: Report) -> Iterator[str]:
    """Those of limits on figures that the run does not have."""
    for gate in report.gates:
        if gate.why:
            yield f"a limit cannot be judged: {gate.name}: {gate.why}"


def _starvation(report: Report) -> Iterator[str]:
    if report.observed is None:
        return
    for share, limit, what in (
        (report.observed.busy, BUSY_LIMIT, "the load generator was busy for {} of a core; use --processes"),
        (report.observed.stolen, DISTURBING_SHARE, "the hypervisor took {} of the machine for others"),
    ):
        if share > limit:
            yield f"{what.format(f'{share:.1%}')}, limit {limit:.0%}"
    if (wait := report.observed.wait_ms) > WAIT_LIMIT_MS:
        yield f"the load generator waited for a core, {wait:.1f} ms each time, limit {WAIT_LIMIT_MS:.0f} ms"


def _tail(row: Row) -> tuple[str, float]:
    """The highest percentile that there are enough values for."""
    for name, value in (("p99", row.p99_ms), ("p95", row.p95_ms)):
        if value is not None:
            return name, value
    return "max", row.max_ms


def missed(report: Report) -> list[Gate]:
    """The limits that are not met, of those that can be judged."""
    return [gate for gate in report.gates if not gate.is_met and not gate.why]


def exit_code(report: Report) -> int:
    """A wrong answer is wrong on any machine; a limit missed or met in an invalid run says nothing."""
    if breaches(report):
        return WRONG
    if report.doubts:
        return INVALID
    return MISSED if missed(report) else MET
