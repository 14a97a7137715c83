"""A plain HTTP client for single requests outside the load: blocks of the body as they arrive."""

import http.client
import socket
import ssl
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self
from urllib.parse import urlsplit

import msgspec

BLOCK_BYTES = 65_536
# struct tcp_info of Linux 4.6 and later: tcpi_bytes_received, tcpi_segs_in, tcpi_data_segs_in.
TCP_INFO_BYTES = 160
BYTES_RECEIVED_AT, DATA_SEGMENTS_IN_AT = 128, 152


class ClientError(Exception):
    """A request that came to nothing, said in one line."""


class Client:
    """One kept-alive connection to the server of a URL, of whose path nothing is taken."""

    def __init__(
        self,
        url: str,
        timeout: float = 60.0,
        headers: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._url = url
        self._headers = dict(headers or {})
        self._connection = (
            http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=tls)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=timeout)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def post(
        self, path: str, body: Mapping[str, object], accept: str = "application/json"
    ) -> Iterator[bytes]:
        """The blocks of the answer to a JSON request; raises ClientError unless the status is 200.

        The request has been sent and the headers have come when this returns.
        """
        headers = {"Accept": accept, "Accept-Encoding": "identity", "Content-Type": "application/json"}
        headers |= self._headers
        with self._translated_errors("POST"):
            self._connection.request("POST", path, msgspec.json.encode(body), headers)
            response = self._connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            said = response.read().decode(errors="replace")
            raise ClientError(f"POST {self._url}: {response.status} {said[:500]}")
        return self._blocks(response)

    def get(self, path: str) -> bytes:
        """The body of the answer; raises ClientError unless the status is 200."""
        with self._translated_errors("GET"):
            self._connection.request("GET", path, headers={"Accept-Encoding": "identity", **self._headers})
            response = self._connection.getresponse()
            body = response.read()
        if response.status != http.HTTPStatus.OK:
            raise ClientError(
                f"GET {self._url}{path}: {response.status} {body[:500].decode(errors='replace')}"
            )
        return body

    def _blocks(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        with self._translated_errors("POST"):
            # read1 returns what has come; read(n) and iteration wait for more.
            while block := response.read1(BLOCK_BYTES):
                yield block
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            response.close()  # read1 leaves a body of known length open, and with it the connection in use

    @contextmanager
    def _translated_errors(self, method: str) -> Iterator[None]:
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            raise ClientError(f"{method} {self._url}: {type(error).__name__}: {error}") from error

    def received(self) -> tuple[int, int] | None:
        """Bytes and TCP data segments that the open connection has got so far; None where no kernel says."""
        sock = self._connection.sock
        if sock is None or sys.platform != "linux":
            return None
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES)
        if len(info) < TCP_INFO_BYTES:
            return None
        return (
            struct.unpack_from("=Q", info, BYTES_RECEIVED_AT)[0],
            struct.unpack_from("=I", info, DATA_SEGMENTS_IN_AT)[0],
        )
