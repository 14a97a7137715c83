"""One request over a connection of its own, and all of its answer."""

import contextlib
import http.client
import ssl

from loadtests.rig.ports import HOST


def fetched(
    port: int, path: str, body: str | None = None, *, tls: ssl.SSLContext | None = None, seconds: float = 10
) -> tuple[int, bytes]:
    """The status and the body of a `GET`, or of a `POST` of JSON.

    Raises OSError and http.client.HTTPException.
    """
    connection = (
        http.client.HTTPSConnection(HOST, port, timeout=seconds, context=tls)
        if tls
        else http.client.HTTPConnection(HOST, port, timeout=seconds)
    )
    with contextlib.closing(connection):
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection.request("GET" if body is None else "POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
