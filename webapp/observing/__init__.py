"""What is left of a request when it has ended: a line in the log, and figures."""

from webapp.observing.metrics import exposition
from webapp.observing.telemetry import RequestRecord

__all__ = ["RequestRecord", "exposition"]
