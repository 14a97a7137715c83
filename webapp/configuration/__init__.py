"""How this deployment is set up: read from the environment once, with what the host is known to do."""

from webapp.configuration.deadlines import Deadlines
from webapp.configuration.hosts import GRACE_MARGIN_SECONDS
from webapp.configuration.settings import WORKER_CONNECTIONS, Settings, SettingsError, unknown_variables

__all__ = [
    "GRACE_MARGIN_SECONDS",
    "WORKER_CONNECTIONS",
    "Deadlines",
    "Settings",
    "SettingsError",
    "unknown_variables",
]
