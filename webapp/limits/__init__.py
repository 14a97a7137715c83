"""Who may start an answer, and what it may cost."""

from webapp.limits.admission import Admission
from webapp.limits.clients import client_key

__all__ = ["Admission", "client_key"]
