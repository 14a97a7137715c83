"""How this deployment is set up: read from the environment once, with what the host is known to do."""

from webapp.configuration.addresses import MOST_PORT, OneLineIfTaken, addresses_to_bind, any_host
from webapp.configuration.deadlines import Deadlines
from webapp.configuration.hosts import GRACE_MARGIN_SECONDS
from webapp.configuration.settings import (
    REASONING_EFFORTS,
    WORKER_CONNECTIONS,
    Settings,
    SettingsError,
    unknown_variables,
)

__all__ = [
    "GRACE_MARGIN_SECONDS",
    "MOST_PORT",
    "REASONING_EFFORTS",
    "WORKER_CONNECTIONS",
    "Deadlines",
    "OneLineIfTaken",
    "Settings",
    "SettingsError",
    "addresses_to_bind",
    "any_host",
    "unknown_variables",
]
