"""The routes, the formats of what they send, and what every request is asked first."""

from webapp.http.metrics_view import register as register_metrics
from webapp.http.openapi import register as register_document
from webapp.http.security import secure
from webapp.http.views import Chat, register

__all__ = ["Chat", "register", "register_document", "register_metrics", "secure"]
