"""Why an answer has no reader any more."""

from __future__ import annotations

import gevent


class ClientGone(gevent.GreenletExit):
    """Nobody reads this answer any more.

    Not an Exception: nothing between here and gunicorn, which is silent about its base class, may catch it.
    """


class ClientStuck(ClientGone):
    """The client is still there, but takes nothing."""
