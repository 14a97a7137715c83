"""The load test: Locust's users of a URL, what they measured, whether it was good enough.

The door imports nothing of Locust, which patches what it finds: the command that starts it must not suffer.
"""

from loadtests.load.about import about
from loadtests.load.diffing.answers import answers_of
from loadtests.load.diffing.command import diff
from loadtests.load.judging.limits import LimitsError, answers_needed
from loadtests.load.judging.limits import read as read_limits
from loadtests.load.judging.verdict import breaches, disturbances, exit_code, missed, unjudged
from loadtests.load.ledger.ledger import seen
from loadtests.load.page import charts
from loadtests.load.page.filling import filled
from loadtests.load.processes.live import line as live_line
from loadtests.load.processes.records import Record
from loadtests.load.report import NOTHING, Report, Row, read, rendered
from loadtests.load.schedule.stages import duration, stages_of

__all__ = [
    "NOTHING",
    "LimitsError",
    "Record",
    "Report",
    "Row",
    "about",
    "answers_needed",
    "answers_of",
    "breaches",
    "charts",
    "diff",
    "disturbances",
    "duration",
    "exit_code",
    "filled",
    "live_line",
    "missed",
    "read",
    "read_limits",
    "rendered",
    "seen",
    "stages_of",
    "unjudged",
]
