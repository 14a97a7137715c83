"""Raw calls of a server, so that a test decides on every byte of a request."""

import http.client
import json
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """An HTTP answer, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["error"])


class Caller:
    """Sends bodies to one server."""

    def __init__(self, url: str) -> None:
        self._address = url.removeprefix("http://")

    def call(self, method: str, path: str, body: bytes = b"") -> Reply:
        connection = http.client.HTTPConnection(self._address, timeout=10)
        try:
            connection.request(method, path, body or None, {"Content-Type": "application/json"})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, headers, response.read())
        finally:
            connection.close()

    def chat(self, **fields: Any) -> Reply:
        return self.call("POST", "/v1/chat/completions", chat_body(**fields))


def chat_body(**fields: Any) -> bytes:
    defaults = {"model": "mock", "messages": [{"role": "user", "content": "Tell me about rivers"}]}
    return json.dumps({**defaults, **fields}).encode()
