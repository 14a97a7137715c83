"""The routes, the formats of what they send, and what every request is asked first."""

from webapp.http.security import secure
from webapp.http.views import Chat, register

__all__ = ["Chat", "register", "secure"]
