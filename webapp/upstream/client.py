"""The openai SDK's client: what its requests travel over, and a streamed answer asked through it."""

from __future__ import annotations

from typing import Any, cast
from urllib.request import proxy_bypass

import httpx2
from httpx2._utils import (
    URLPattern,
    get_environment_proxies,
)  # what httpx2.Client itself calls, but for its own transport only
from openai import DefaultHttpxClient, OpenAI, Stream

from webapp.configuration import WORKER_CONNECTIONS
from webapp.upstream.transport import Body, ThreadedBody, decoded, on_gevent
from webapp.upstream.unwanted import HOOKS

LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=WORKER_CONNECTIONS)
"""Of httpx2's transports, whose own would let 100 answers be asked for at once, and have the next wait."""
# A body that is read as it comes is not decompressed on the way.
CLIENT_REQUEST_ID = "X-Client-Request-Id"
_HEADERS = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}


def http_client(*, uses_proxies: bool = True) -> httpx2.Client | None:
    """Return the client that the SDK should use, or None where gevent has not patched: there its own serves.

    It keeps as many idle connections as one worker may have had in use.

    Proxies of the environment are left to httpx2's transport; without `uses_proxies` there are none, be they
    of a kind that it cannot use.
    """
    if not on_gevent():
        has_none = uses_proxies or not get_environment_proxies()
        return None if has_none else DefaultHttpxClient(transport=httpx2.HTTPTransport(limits=LIMITS))
    # Imported here because a process that gevent has not patched has no use for it.
    from webapp.upstream.transport.exchange import GeventTransport  # noqa: PLC0415

    direct = GeventTransport(WORKER_CONNECTIONS)
    proxies = get_environment_proxies() if uses_proxies else {}
    mounts = {
        pattern: direct if proxy is None else httpx2.HTTPTransport(proxy=proxy, limits=LIMITS)
        for pattern, proxy in proxies.items()
    }
    return DefaultHttpxClient(transport=direct, mounts=mounts)


def proxy_for(url: httpx2.URL) -> str | None:
    """Return the proxy of the environment that is asked for this URL, None if it is asked directly.

    What NO_PROXY excepts to urllib, which knows ports, or to httpx2, which knows networks, is excepted.
    """
    if proxy_bypass(url.netloc.decode()):
        return None
    patterns = sorted((URLPattern(pattern), proxy) for pattern, proxy in get_environment_proxies().items())
    return next((proxy for pattern, proxy in patterns if pattern.matches(url)), None)


def tamed(client: OpenAI) -> OpenAI:
    """Have the client see of what is no answer only what `unwanted` leaves of it."""
    client._client.event_hooks = HOOKS  # noqa: SLF001
    return client


def open_stream(
    client: OpenAI, payload: dict[str, Any], timeout: httpx2.Timeout, request_id: str | None = None
) -> Body:
    """Ask for a streamed chat completion; returns when the response's headers are there.

    `request_id` goes along, by which the vendor's log can be joined to ours.

    `client.post` keeps the SDK's authentication, retries and errors, which it raises, at half the cost of
    `chat.completions.create`, which also builds objects that this app does not read.
    """
    headers = _HEADERS if request_id is None else {**_HEADERS, CLIENT_REQUEST_ID: request_id}
    # Typed as if `stream` decided what comes back; `cast_to` does.
    response = cast(
        httpx2.Response,
        client.post(
            "/chat/completions",
            cast_to=httpx2.Response,
            body=payload,
            options={"headers": headers, "timeout": timeout, "security": {"bearer_auth": True}},
            stream=True,
            stream_cls=Stream[Any],
        ),
    )
    body: Body | None = response.extensions.get("body")
    body = ThreadedBody(response) if body is None else body
    return decoded(body, response.headers.get("Content-Encoding", ""))


def ask_for_models(client: OpenAI, seconds: float) -> None:
    """Ask for the list of models, which costs nothing and takes the key. Raises openai.OpenAIError."""
    response = cast(
        httpx2.Response,
        client.with_options(max_retries=0).get(
            "/models",
            cast_to=httpx2.Response,
            options={"timeout": httpx2.Timeout(seconds), "security": {"bearer_auth": True}},
            stream=True,
            stream_cls=Stream[Any],
        ),
    )
    response.close()
