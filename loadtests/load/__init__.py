"""The load test: Locust's users of a URL, what they measured, whether it was good enough.

The door imports nothing of Locust, which patches what it finds: the command that starts it must not suffer.
"""

from loadtests.load.about import about
from loadtests.load.diffing.answers import answers_of
from loadtests.load.diffing.command import diff
from loadtests.load.judging.limits import LimitsError, answers_needed, gates, good_answers
from loadtests.load.judging.limits import read as read_limits
from loadtests.load.judging.verdict import breaches, disturbances, exit_code, kept_up, missed, unjudged
from loadtests.load.ledger.ledger import seen
from loadtests.load.page import charts
from loadtests.load.page.filling import filled
from loadtests.load.processes.live import line as live_line
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, Report, Row, read, rendered
from loadtests.load.schedule.arrivals import POISSON, arrivals
from loadtests.load.schedule.stages import duration, stages_of
from loadtests.load.summary import report_of

__all__ = [
    "NOTHING",
    "POISSON",
    "RIGHT",
    "LimitsError",
    "Record",
    "Report",
    "Row",
    "about",
    "answers_needed",
    "answers_of",
    "arrivals",
    "breaches",
    "charts",
    "diff",
    "disturbances",
    "duration",
    "exit_code",
    "filled",
    "gates",
    "good_answers",
    "kept_up",
    "live_line",
    "missed",
    "read",
    "read_limits",
    "rendered",
    "report_of",
    "seen",
    "stages_of",
    "unjudged",
]
