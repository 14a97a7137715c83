"""What a run must hold, and the exit code that says whether it did."""

from loadtests.load.report import Report

# The load generator wakes this late at most; above it, its own figures are in doubt.
LAG_LIMIT_MS = 10.0


def breaches(report: Report) -> list[str]:
    """Each reason, in one line, why the run has failed."""
    rules = {
        "no answer was made": report.right + report.wrong == 0,
        f"{report.wrong} of {report.right + report.wrong} answers were wrong": report.wrong > 0,
        f"{report.unfinished} of {report.asked} answers were unfinished": report.unfinished != 0,
        "the load test itself raised exceptions": report.crashes > 0,
    }
    return [reason for reason, broken in rules.items() if broken]


def doubts(report: Report) -> list[str]:
    """Each reason, in one line, not to trust the times of the run."""
    lag = report.client_lag
    if lag is None or lag.p99_ms <= LAG_LIMIT_MS:
        return []
    late = f"event loop lag p99 {lag.p99_ms:.1f} ms, limit {LAG_LIMIT_MS:.0f} ms"
    return [
        f"the load generator was late itself ({late}): its times are worse than the app's; use fewer users"
    ]


def exit_code(report: Report) -> int:
    return 1 if breaches(report) else 0
