"""One question to an app, wherever it runs, and what its answer is made of."""

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

PROMPT = "Tell me about rivers"
TIMEOUT_SECONDS = 60.0


@dataclass
class Answer:
    """The objects of a stream, and when each came, in seconds from the request."""

    status: int
    objects: list[dict[str, Any]] = field(default_factory=list)
    came_at: list[float] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(item["text"] for item in self.objects if item["type"] == "delta")

    @property
    def last(self) -> dict[str, Any]:
        return self.objects[-1] if self.objects else {}

    @property
    def first_text_seconds(self) -> float:
        texts = [at for item, at in zip(self.objects, self.came_at, strict=True) if item["type"] == "delta"]
        return texts[0] if texts else float("inf")

    @property
    def lumps(self) -> int:
        """How many moments of its arrival are apart: one for each token, if nothing holds them back."""
        texts = [at for item, at in zip(self.objects, self.came_at, strict=True) if item["type"] == "delta"]
        return sum(
            later - sooner > LUMP_SECONDS for sooner, later in zip([-1.0, *texts], texts, strict=False)
        )


LUMP_SECONDS = 0.01


def ask(
    connection: http.client.HTTPConnection,
    model: str,
    *,
    said: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask for a stream of events, and read it as it comes. Closes the connection."""
    messages = [{"role": "user", "content": PROMPT}, *said]
    body = json.dumps({"messages": messages, "model": model})
    with closing(connection):
        began = time.monotonic()
        sent = {"Content-Type": "application/json", **(headers or {})}
        connection.request("POST", "/chat", body, sent)
        response = connection.getresponse()
        answer = Answer(response.status)
        if response.status != http.HTTPStatus.OK:
            answer.objects = [{"type": "refusal", **json.loads(response.read())}]
            answer.came_at = [time.monotonic() - began]
            return answer
        while line := response.readline():
            if line.startswith(b"data: "):
                answer.objects.append(json.loads(line[6:]))
                answer.came_at.append(time.monotonic() - began)
    return answer


def expected_text(mock_port: int, model: str) -> str:
    """What the mock says to the same question, asked for at once."""
    connection = http.client.HTTPConnection("127.0.0.1", mock_port, timeout=TIMEOUT_SECONDS)
    body = json.dumps({"model": model, "max_tokens": 4096, "messages": [{"role": "user", "content": PROMPT}]})
    with closing(connection):
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        text = json.loads(connection.getresponse().read())["choices"][0]["message"]["content"]
    return str(text)
