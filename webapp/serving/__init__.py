"""What gunicorn's workers learn: clients that leave, clients that do not read, and the end of the process."""

from gunicorn.http.errors import ParseException as MalformedRequestError

from webapp.serving.clients.connection import BodyTooLongError
from webapp.serving.clients.gone import ClientGone, ClientStuck
from webapp.serving.lifecycle import (
    POLL_SECONDS,
    SHUTTING_DOWN,
    OpenAnswer,
    OpenAnswers,
    waits_can_be_broken,
)

__all__ = [
    "POLL_SECONDS",
    "SHUTTING_DOWN",
    "BodyTooLongError",
    "ClientGone",
    "ClientStuck",
    "MalformedRequestError",
    "OpenAnswer",
    "OpenAnswers",
    "waits_can_be_broken",
]
