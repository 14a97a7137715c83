"""Requests of every kind, drawn from a seed: endpoints, forms, dialects, paces, faults."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FAULTS = (
    "status:404=No_such_order.", "rate_limit:5", "quota_exceeded", "server_error", "overloaded", "bad_key",
    "context_length", "content_filter", "content_filter@5", "slow_headers:80", "stall:150@4", "trickle:0@6",
    "reset@3", "reset@7.20", "close@3", "close@7.20", "truncate", "truncate@7", "late_end:80", "endless",
    "error_event@6", "malformed@4", "split", "split@3.10", "glue:4", "crlf", "comments", "no_space",
    "empty_choices@3",
)  # fmt: skip
"""Each at a place where most answers have a token."""

DIALECTS = ("azure", "deepseek", "llamacpp", "mistral", "openrouter", "perplexity", "vllm")
FAULTY_SHARE = 0.5
ENDLESS_BYTES = 20_000
ENDLESS_BLANKS = 3
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    body: bytes
    fault: str = ""

    @property
    def most_bytes(self) -> int | None:
        """When to leave an answer that never ends: whole ones are a blank now and then."""
        if self.fault != "endless":
            return None
        return ENDLESS_BYTES if b'"stream": true' in self.body else ENDLESS_BLANKS


def drawn(seed: int, count: int) -> list[Asked]:
    """Draw so many requests; the same seed draws the same."""
    draws = random.Random(seed)
    return [_request(draws, number) for number in range(count)]


def _request(draws: random.Random, number: int) -> Asked:
    path = draws.choice(list(_BODIES))
    body = {"model": _model(draws, path), **_BODIES[path](draws, f"What of river {number}?")}
    fault = draws.choice(FAULTS) if draws.random() < FAULTY_SHARE else ""
    if fault:
        body["mock"] = {"fault": fault}
    return Asked(path, json.dumps(body).encode(), fault)


def _model(draws: random.Random, path: str) -> str:
    pace = f"mock-ttft{draws.randrange(60)}-itl{draws.randrange(6)}-tokens{draws.randrange(1, 80)}"
    speaks = path == "/v1/chat/completions" and draws.random() < 0.3
    return f"{pace}-{draws.choice(DIALECTS)}" if speaks else pace


def _chat(draws: random.Random, said: str) -> dict[str, Any]:
    function = {"name": "look_up", "parameters": _SCHEMA}
    forms: list[dict[str, Any]] = [
        {},
        {"n": 3},
        {"logprobs": True, "top_logprobs": 2},
        {"tools": [{"type": "function", "function": function}]},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": _SCHEMA}}},
        {"max_tokens": 5},
        {"stop": ["the"]},
    ]
    stream = {"stream": True, "stream_options": {"include_usage": draws.random() < 0.5}}
    messages = [{"role": "user", "content": said}]
    return {"messages": messages, **draws.choice(forms), **(stream if draws.random() < 0.7 else {})}


def _responses(draws: random.Random, said: str) -> dict[str, Any]:
    tool = {"type": "function", "name": "look_up", "parameters": _SCHEMA}
    forms: list[dict[str, Any]] = [{}, {"tools": [tool]}, {"reasoning": {"summary": "auto"}}]
    # What is kept would be memory that grows as it should.
    return {"input": said, "store": False, "stream": draws.random() < 0.7, **draws.choice(forms)}


def _messages(draws: random.Random, said: str) -> dict[str, Any]:
    forms: list[dict[str, Any]] = [
        {},
        {"tools": [{"name": "look_up", "input_schema": _SCHEMA}]},
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
    ]
    messages = [{"role": "user", "content": said}]
    return {"max_tokens": 2048, "messages": messages, "stream": draws.random() < 0.7, **draws.choice(forms)}


_BODIES: dict[str, Callable[[random.Random, str], dict[str, Any]]] = {
    "/v1/chat/completions": _chat,
    "/v1/responses": _responses,
    "/v1/messages": _messages,
    "/v1/completions": lambda draws, said: {"prompt": said, "stream": draws.random() < 0.7},
    "/v1/embeddings": lambda draws, said: {"input": [said] * draws.randrange(1, 4), "dimensions": 64},
    "/v1/moderations": lambda _, said: {"input": said},
}
