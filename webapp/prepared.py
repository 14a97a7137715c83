"""Streamed chat completions, asked for with a request that the SDK has built once.

Building it is most of what the SDK costs, and but for the body it is the same each time. An answer that comes
as it should is used as it is. Anything else, be it an error, a redirect or no answer, is put before the SDK
as what its own first try has met: which retries follow, and which exception, is for the SDK to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2
import msgspec
from openai import DefaultHttpxClient, OpenAI

from webapp.body import Body
from webapp.gevent_transport import GeventTransport, origin_of
from webapp.http1 import request_bytes
from webapp.transport import open_stream

_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding):[^\r]*", re.IGNORECASE)
_encode = msgspec.json.Encoder().encode


def prepared_opener(client: OpenAI, timeout: httpx2.Timeout) -> Callable[[dict[str, Any]], Body] | None:
    """Return what does as webapp.transport.open_stream does, or None where no request can be prepared.

    That is where a proxy carries the requests, and where none can be built, because no header can hold the
    key or the URL makes no sense: then each asker is to have the error.
    """
    direct = _transport(client, client.base_url)
    if isinstance(direct, GeventTransport):
        with suppress(httpx2.TransportError, httpx2.InvalidURL, ValueError):
            return PreparedStreams(client, direct, timeout).open
    return None


class PreparedStreams:
    """Opens streams over `direct`, the transport that the client's requests take.

    Unlike the SDK it sends no cookie that an earlier answer has set: all askers would share it.
    """

    def __init__(self, client: OpenAI, direct: GeventTransport, timeout: httpx2.Timeout) -> None:
        self._client = client
        self._direct = direct
        self._timeout = timeout
        request = _built_by(client, timeout)
        self._origin = origin_of(request.url)
        self._timeouts = request.extensions["timeout"]
        self._head = _FRAMING.sub(b"", request_bytes(request).partition(b"\r\n\r\n")[0])

    def open(self, payload: dict[str, Any]) -> Body:
        """As webapp.transport.open_stream has it."""
        data = _encode(payload)
        message = b"%b\r\nContent-Length: %d\r\n\r\n%b" % (self._head, len(data), data)
        try:
            body = self._direct.exchange(self._origin, message, self._timeouts)
        except httpx2.TransportError as error:
            return self._judged_by_the_sdk(error, payload)
        if body.status == httpx2.codes.OK and not body.is_encoded:
            return body
        return self._judged_by_the_sdk(body.response(), payload)

    def _judged_by_the_sdk(
        self, outcome: httpx2.Response | httpx2.TransportError, payload: dict[str, Any]
    ) -> Body:
        transport = _AfterFirstTry(outcome, self._client)
        client = self._client.with_options(http_client=DefaultHttpxClient(transport=transport))
        return open_stream(client, payload, self._timeout)


class _AfterFirstTry(httpx2.BaseTransport):
    """Meets the first request with an outcome that is known, and sends the others as `onward` does."""

    def __init__(self, outcome: httpx2.Response | httpx2.TransportError, onward: OpenAI) -> None:
        self._outcome: httpx2.Response | httpx2.TransportError | None = outcome
        self._onward = onward

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        outcome, self._outcome = self._outcome, None
        if isinstance(outcome, httpx2.TransportError):
            raise outcome
        if outcome is not None:
            return outcome
        return _transport(self._onward, request.url).handle_request(request)


class _BuiltError(Exception):
    def __init__(self, request: httpx2.Request) -> None:
        self.request = request


class _Recorder(httpx2.BaseTransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        raise _BuiltError(request)


def _built_by(client: OpenAI, timeout: httpx2.Timeout) -> httpx2.Request:
    """Return what the SDK would send, without sending it."""
    recording = client.with_options(http_client=DefaultHttpxClient(transport=_Recorder()))
    try:
        open_stream(recording, {}, timeout)
    except _BuiltError as built:
        return built.request
    raise AssertionError("The SDK did not send the request")


def _transport(client: OpenAI, url: httpx2.URL) -> httpx2.BaseTransport:
    # Neither library says in public what a request takes; the client's `send` also follows redirects.
    return client._client._transport_for_url(url)  # noqa: SLF001
