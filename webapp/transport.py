"""How the openai SDK's requests travel, and its streamed answers come back: one interface, gevent or not."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from typing import Any, cast

import httpx2
from httpx2._utils import (
    get_environment_proxies,
)  # what httpx2.Client itself calls, but for its own transport only
from openai import DefaultHttpxClient, OpenAI, Stream

from webapp.body import Body, Opening, ThreadedBody
from webapp.settings import WORKER_CONNECTIONS
from webapp.tasks import Task

__all__ = ["Body", "Opening", "http_client", "open_stream", "opened_beside", "stream_asker"]

# A body that is read as it comes is not decompressed on the way.
_HEADERS = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}


def http_client(pool_size: int = WORKER_CONNECTIONS) -> httpx2.Client | None:
    """Return the client that the SDK should use, or None where gevent has not patched: there its own serves.

    It keeps up to `pool_size` idle connections: as many as one worker may have had in use.

    Proxies of the environment are left to httpx2's transport.
    """
    if not _on_gevent():
        return None
    # Imported here because a process without gevent has no use for it, and pays 0.1 s.
    from webapp.gevent_transport import GeventTransport  # noqa: PLC0415

    direct = GeventTransport(pool_size)
    mounts = {
        pattern: direct if proxy is None else httpx2.HTTPTransport(proxy=proxy)
        for pattern, proxy in get_environment_proxies().items()
    }
    return DefaultHttpxClient(transport=direct, mounts=mounts)


def stream_asker(client: OpenAI, timeout: httpx2.Timeout) -> Callable[[dict[str, Any]], Opening]:
    """Return the cheapest way to begin what `open_stream` does with this client, beside who waits for it.

    Where the SDK is to log what it does (OPENAI_LOG), it does all of it.
    """
    if _on_gevent() and not logging.getLogger("openai").isEnabledFor(logging.INFO):
        from webapp.prepared import prepared_streams  # noqa: PLC0415  # for the reason above

        if prepared := prepared_streams(client, timeout):
            return prepared.ask
    return lambda payload: opened_beside(partial(open_stream, client, payload, timeout))


def opened_beside(open_body: Callable[[], Body]) -> Opening:
    """Begin to open a body in a greenlet or a thread of its own."""
    return Task(open_body, discard=methodcaller("close"))


def _on_gevent() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and monkey.is_module_patched("socket")


def open_stream(client: OpenAI, payload: dict[str, Any], timeout: httpx2.Timeout) -> Body:
    """Ask for a streamed chat completion; returns when the response's headers are there.

    `client.post` keeps the SDK's authentication, retries and errors, which it raises, at half the cost of
    `chat.completions.create`, which also builds objects that this app does not read.
    """
    # Typed as if `stream` decided what comes back; `cast_to` does.
    response = cast(
        httpx2.Response,
        client.post(
            "/chat/completions",
            cast_to=httpx2.Response,
            body=payload,
            options={"headers": _HEADERS, "timeout": timeout, "security": {"bearer_auth": True}},
            stream=True,
            stream_cls=Stream[Any],
        ),
    )
    if response.headers.get("Content-Encoding", "identity") != "identity":
        response.close()
        raise httpx2.RemoteProtocolError("The answer is compressed, which was not asked for")
    body: Body | None = response.extensions.get("body")
    return ThreadedBody(response) if body is None else body
