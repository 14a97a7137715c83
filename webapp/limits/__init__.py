"""Who may start an answer, and what it may cost."""

from webapp.limits.admission import Admission
from webapp.limits.clients import client_key
from webapp.limits.meter import Meter

__all__ = ["Admission", "Meter", "client_key"]
