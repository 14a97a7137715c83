"""How requests travel to the model's API and bytes come back, on gevent's loop or in a thread.

`exchange` is imported where it is used: it takes 20 ms, in vain where gevent has not patched.
"""

from webapp.upstream.transport.body import Body, PendingBody, ThreadedBody
from webapp.upstream.transport.encodings import decoded
from webapp.upstream.transport.tasks import on_gevent, opened_beside

__all__ = ["Body", "PendingBody", "ThreadedBody", "decoded", "on_gevent", "opened_beside"]
