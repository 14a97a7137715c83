"""What is left of a request when it has ended: a line in the log, and figures."""

from webapp.observing.logs import write_json_lines
from webapp.observing.metrics import exposition
from webapp.observing.telemetry import RequestRecord

__all__ = ["RequestRecord", "exposition", "write_json_lines"]
