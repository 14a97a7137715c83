"""A little chat client on the standard library: streams an answer, retries a 429, notices a cut stream."""

import http.client
import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit


class StreamCutError(Exception):
    """The answer ended before it was complete; `text` is what came."""

    def __init__(self, text: str) -> None:
        super().__init__("the answer was cut")
        self.text = text


def chat(base_url: str, prompt: str, *, model: str = "gpt-4o-mini", retries: int = 2) -> str:
    """Return the answer to a prompt."""
    text = ""
    try:
        for piece in stream(base_url, prompt, model=model, retries=retries):
            text += piece
    except (http.client.HTTPException, OSError) as error:
        raise StreamCutError(text) from error
    return text


def stream(base_url: str, prompt: str, *, model: str = "gpt-4o-mini", retries: int = 2) -> Iterator[str]:
    """Yield an answer while it is being written."""
    url = urlsplit(base_url)
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": prompt}]}
    for attempt in range(retries + 1):
        connection = http.client.HTTPConnection(url.netloc, timeout=10)
        # The mock knows attempts by the header that OpenAI's own clients send.
        headers = {"Content-Type": "application/json", "x-stainless-retry-count": str(attempt)}
        connection.request("POST", f"{url.path}/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        if response.status == 429 and attempt < retries:
            time.sleep(float(response.headers["retry-after-ms"]) / 1000)
            continue
        if response.status != 200:
            raise RuntimeError(json.load(response)["error"]["message"])
        yield from _texts(response)
        return


def _texts(response: http.client.HTTPResponse) -> Iterator[str]:
    for line in response:
        data = line.removeprefix(b"data:").strip()
        if data == b"[DONE]":
            return
        if data:
            for choice in json.loads(data)["choices"]:
                yield choice["delta"].get("content") or ""
    raise http.client.IncompleteRead(b"")
