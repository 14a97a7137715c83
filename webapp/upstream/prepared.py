"""Streamed chat completions, asked for with a request that the SDK has built once.

Building it is most of what the SDK costs, and but for the body it is the same each time. An answer that comes
as it should is used as it is. Anything else, be it an error, a redirect or no answer, is put before the SDK
as what its own first try has met: which retries follow, and which exception, is for the SDK to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import httpx2
import msgspec
from openai import DefaultHttpxClient, OpenAI

from webapp.upstream.client import CLIENT_REQUEST_ID, open_stream
from webapp.upstream.transport import Body, PendingBody, opened_beside
from webapp.upstream.transport.exchange import (
    Exchange,
    GeventBody,
    GeventTransport,
    StaleConnectionError,
    origin_of,
)
from webapp.upstream.transport.http1 import request_bytes
from webapp.upstream.unwanted import HOOKS

_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding):[^\r]*", re.IGNORECASE)
_encode = msgspec.json.Encoder().encode


def prepared_streams(client: OpenAI, timeout: httpx2.Timeout) -> PreparedStreams | None:
    """Return what does as webapp.upstream.client.open_stream does, or None where no request can be prepared.

    That is where a proxy carries the requests, and where none can be built, because no header can hold the
    key or the URL makes no sense: then each asker is to have the error.
    """
    direct = _transport(client, client.base_url)
    if isinstance(direct, GeventTransport):
        with suppress(httpx2.TransportError, httpx2.InvalidURL, ValueError):
            return PreparedStreams(client, direct, timeout)
    return None


class PreparedStreams:
    """Opens streams over `direct`, the transport that the client's requests take.

    Unlike the SDK it sends no cookie that an earlier answer has set: all askers would share it.
    """

    def __init__(
        self,
        client: OpenAI,
        direct: GeventTransport,
        timeout: httpx2.Timeout,
        beside: Callable[[Callable[[], Body]], PendingBody] = opened_beside,
    ) -> None:
        self._client = client
        self._direct = direct
        self._timeout = timeout
        self._beside = beside
        request = _built_by(client, timeout)
        self._origin = origin_of(request.url)
        self._timeouts = request.extensions["timeout"]
        self._head = _FRAMING.sub(b"", request_bytes(request).partition(b"\r\n\r\n")[0])

    def ask(self, payload: dict[str, Any], request_id: str | None = None) -> PendingBody:
        """Return an opening that asks when it is first waited for."""
        return _PreparedPending(self, payload, request_id, self._beside)

    def open(self, payload: dict[str, Any], request_id: str | None = None) -> Body:
        """As webapp.upstream.client.open_stream has it."""
        try:
            body = self._direct.exchange(self._origin, self._message(payload, request_id), self._timeouts)
        except httpx2.TransportError as error:
            return self.handed_to_the_sdk(error, payload, request_id)
        if is_as_it_should_be(body):
            return body
        return self.handed_to_the_sdk(body.response(), payload, request_id)

    def over_kept(self, payload: dict[str, Any], request_id: str | None = None) -> Exchange | None:
        """Ask over a kept connection, as GeventTransport.over_kept has it. Raises StaleConnectionError."""
        return self._direct.over_kept(self._origin, self._message(payload, request_id), self._timeouts)

    def handed_to_the_sdk(
        self,
        outcome: httpx2.Response | httpx2.TransportError,
        payload: dict[str, Any],
        request_id: str | None = None,
    ) -> Body:
        """Put the outcome of a first try before the SDK, and do what it says. Raises openai.OpenAIError."""
        transport = _AfterFirstTry(outcome, self._client)
        patient = DefaultHttpxClient(transport=transport, event_hooks=HOOKS)
        client = self._client.with_options(http_client=patient)
        return open_stream(client, payload, self._timeout, request_id)

    def _message(self, payload: dict[str, Any], request_id: str | None) -> bytes:
        data = _encode(payload)
        own = f"{CLIENT_REQUEST_ID}: {request_id}\r\n".encode("ascii") if request_id else b""
        return b"%b\r\n%bContent-Length: %d\r\n\r\n%b" % (self._head, own, len(data), data)


def is_as_it_should_be(body: GeventBody) -> bool:
    """Whether an answer needs no second look."""
    return body.status == httpx2.codes.OK and not body.is_encoded


class _PreparedPending:
    """A PendingBody with no greenlet of its own as long as only the head of the answer is waited for.

    A greenlet is a twelfth of what a request costs. It takes one to connect, and to retry as the SDK says.
    """

    def __init__(
        self,
        streams: PreparedStreams,
        payload: dict[str, Any],
        request_id: str | None,
        beside: Callable[[Callable[[], Body]], PendingBody],
    ) -> None:
        self._streams = streams
        self._payload = payload
        self._request_id = request_id
        self._beside = beside
        self._exchange: Exchange | None = None
        self._first: Body | None = None
        """An answer that is not as it should be: closed here, if nobody has begun to read it."""
        self._opening: PendingBody | None = None

    def result(self, timeout: float) -> Body | None:
        """As PendingBody has it."""
        if self._opening is not None:
            return self._opening.result(timeout)
        streams = self._streams
        try:
            exchange = self._exchange = self._exchange or streams.over_kept(self._payload, self._request_id)
            if exchange is None:
                return self._go_on_beside(streams.open)
            body = exchange.read_head(timeout)
        except httpx2.ReadTimeout:
            return None
        except StaleConnectionError:
            return self._go_on_beside(streams.open)
        except httpx2.TransportError as error:
            # Without the frames that it passed, which hold this object.
            return self._go_on_beside(partial(streams.handed_to_the_sdk, error.with_traceback(None)))
        if body is None or is_as_it_should_be(body):
            return body
        self._first = body
        return self._go_on_beside(partial(streams.handed_to_the_sdk, body.response()))

    def cancel(self) -> Body | None:
        """As PendingBody has it."""
        if self._exchange is not None:
            self._exchange.close()
        if self._first is not None:
            self._first.close()
        return self._opening.cancel() if self._opening is not None else None

    def _go_on_beside(self, open_body: Callable[[dict[str, Any], str | None], Body]) -> Body | None:
        self._opening = self._beside(partial(open_body, self._payload, self._request_id))
        return None


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
