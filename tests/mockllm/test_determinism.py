"""The request decides every byte of the body: golden hashes, at any concurrency, in any order, on any worker."""

import hashlib
import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from mockllm import MockLLMServer
from tests.mockllm.calls import Caller, chat_body
from tests.mockllm.conformance.cases import FLAT_TOOLS, ITEMS, PICTURE, SCHEMA, TOLD, TOOLS

ESSAY = {"messages": [{"role": "user", "content": "Write an 800-word essay on quantum mechanics"}]}
CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS = "chat/completions", "completions", "responses", "embeddings"
STREAM = {"stream": True}
FORECAST = {"type": "json_schema", "json_schema": {"name": "forecast", "schema": SCHEMA, "strict": True}}
PATTERNS: Any = {
    "type": "json_schema",
    "json_schema": {
        "name": "patterns",
        "schema": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "pattern": r"^\w{3}-\d{4}(?!x)$"},
                "other": {"type": "string", "pattern": r"^[^\W\d_]+\S\s?$", "not": {"pattern": "^(a|aa)+$"}},
            },
            "required": ["code", "other"],
        },
    },
}


class Golden(NamedTuple):
    """A request, and the hash of the body that answers it."""

    api: str
    fields: dict[str, Any]
    digest: str


GOLDEN = {
    "essay": Golden(CHAT, ESSAY, "aea2e7363c2d34ad"),
    "streamed essay": Golden(CHAT, {**ESSAY, "stream": True}, "5ef619b31c5d3980"),
    "usage and choices": Golden(
        CHAT,
        {"stream": True, "stream_options": {"include_usage": True}, "n": 3, "model": "mock-tokens30"},
        "79e7c587d52ea3af",
    ),
    "cut": Golden(CHAT, {"max_tokens": 12, "stop": ["zzz"]}, "6d8d75fcf2f5faff"),
    "unusual": Golden(
        CHAT,
        {"stream": True, "messages": [{"role": "user", "content": "👨‍👩‍👧 \t“日本”\r\n\u2028"}]},
        "6b50d1dc83308c55",
    ),
    # Letters, digits and signs that came with Unicode 15 and 15.1: Python 3.11 knows none of them.
    "letters of tomorrow": Golden(
        CHAT,
        {
            "messages": [
                {
                    "role": "user",
                    "content": "Write about \U0001df25\U00011f04 \U00011f51\U0001fae8 \u2ffc\U0002ebf0",
                }
            ]
        },
        "fc8445e8f8ca57ef",
    ),
    "patterns": Golden(CHAT, {"response_format": PATTERNS}, "7463a38bc2baff03"),
    "embeddings of tomorrow": Golden(
        EMBEDDINGS, {"input": "\U0001df25\U00011f04 \U00011f51", "dimensions": 256}, "8ac11dabd8f9e8e0"
    ),
    "logprobs": Golden(
        CHAT, {**STREAM, "model": "mock-tokens9", "logprobs": True, "top_logprobs": 4}, "e9614d629e26dc7a"
    ),
    "tools": Golden(CHAT, {**STREAM, "tools": TOOLS, "tool_choice": "required"}, "cab15d9b7cb964da"),
    "whole parallel tools": Golden(CHAT, {"tools": TOOLS, "mock": {"calls": 3}}, "ce326fc38ae298be"),
    "tool result": Golden(CHAT, {**STREAM, "messages": TOLD, "tools": TOOLS}, "f048091bf90c1585"),
    "schema": Golden(CHAT, {**STREAM, "response_format": FORECAST}, "81d808fd70df53d8"),
    "image": Golden(
        CHAT,
        {"model": "mock-tokens20", "messages": [{"role": "user", "content": PICTURE}]},
        "130081584ef7b8a7",
    ),
    "reasoning": Golden(CHAT, {**STREAM, "model": "mock-tokens9-reasoning9"}, "e44d833c4ba74a8a"),
    "refusal": Golden(CHAT, {**STREAM, "mock": {"refusal": True}}, "3e4bdfd01a259af8"),
    "legacy": Golden(
        COMPLETIONS, {"prompt": "Once", "logprobs": 2, "echo": True, "n": 2}, "82cd190d94d13a4a"
    ),
    "streamed legacy": Golden(COMPLETIONS, {**STREAM, "prompt": [[1, 2], [3]]}, "1d11cbf6f7baf00a"),
    "response": Golden(RESPONSES, {"input": "Tell me about rivers"}, "91f28ce7fbf03d11"),
    "streamed response": Golden(RESPONSES, {**STREAM, "input": "Tell me about rivers"}, "5644b19b48d78dfa"),
    "response with a call": Golden(
        RESPONSES, {**STREAM, "input": "Tell me about rivers", "tools": FLAT_TOOLS}, "b797cfc2d149725b"
    ),
    "response to a result": Golden(
        RESPONSES, {**STREAM, "input": ITEMS, "reasoning": {"summary": "auto"}}, "d8cac7b2e7a12608"
    ),
    "embeddings": Golden(EMBEDDINGS, {"input": ["rivers", "seas"], "dimensions": 256}, "05eb27c9398bbcb6"),
    "base64 embeddings": Golden(
        EMBEDDINGS, {"input": [1, 2], "encoding_format": "base64"}, "75dabe27d38f443c"
    ),
}


def body_of(golden: Golden) -> bytes:
    if golden.api == CHAT:
        return chat_body(**golden.fields)
    return json.dumps({"model": "mock", **golden.fields}).encode()


def digest(caller: Caller, golden: Golden) -> str:
    reply = caller.call("POST", f"/v1/{golden.api}", body_of(golden))
    assert reply.status == 200, reply.body
    return hashlib.sha256(reply.body).hexdigest()[:16]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_bytes(caller: Caller, name: str) -> None:
    assert digest(caller, GOLDEN[name]) == GOLDEN[name].digest


def test_the_order_of_keys_does_not_matter(caller: Caller) -> None:
    fields = json.loads(chat_body(stream=True))
    turned = {"stream": True, "messages": [dict(reversed(fields["messages"][0].items()))], "model": "mock"}
    assert (
        caller.chat(**turned).body
        == caller.call("POST", "/v1/chat/completions", json.dumps(fields, indent=3).encode()).body
    )


@pytest.mark.parametrize("path", ["/v1/messages", "/v1beta/models/mock:generateContent"])
def test_the_order_of_an_earlier_calls_arguments_does_not_matter(caller: Caller, path: str) -> None:
    answers = []
    for arguments in ({"a": 1, "b": 2}, {"b": 2, "a": 1}):
        used = {"type": "tool_use", "id": "u", "name": "f", "input": arguments}
        result = {"type": "tool_result", "tool_use_id": "u", "content": "x"}
        messages = [
            *ESSAY["messages"],
            {"role": "assistant", "content": [used]},
            {"role": "user", "content": [result]},
        ]
        parts = [
            ("user", {"text": "x"}),
            ("model", {"functionCall": {"name": "f", "args": arguments}}),
            ("user", {"functionResponse": {"name": "f", "response": arguments}}),
        ]
        contents = [{"role": role, "parts": [part]} for role, part in parts]
        asked: Any = (
            {"contents": contents}
            if "beta" in path
            else {"model": "mock", "max_tokens": 999, "messages": messages}
        )
        reply = caller.call("POST", path, json.dumps(asked).encode())
        assert reply.status == 200, reply.body
        answers.append(reply.body)
    assert answers[0] == answers[1]


def test_another_seed_is_another_answer(caller: Caller) -> None:
    assert caller.chat(model="mock-seed1").body != caller.chat(model="mock-seed2").body


@pytest.mark.parametrize(
    ("concurrency", "workers"),
    [(200, 2), *(pytest.param(*few, marks=pytest.mark.thorough) for few in ((1, 1), (1, 2), (200, 1)))],
)
def test_the_golden_bytes_come_in_any_order_from_any_worker(workers: int, concurrency: int) -> None:
    jobs = list(GOLDEN.values()) * (10 if concurrency > 1 else 1)
    random.Random(concurrency + workers).shuffle(jobs)
    with MockLLMServer(profile="instant", workers=workers) as server, ThreadPoolExecutor(concurrency) as pool:
        caller = Caller(server.url)
        got = list(pool.map(lambda job: digest(caller, job), jobs))
    assert got == [job.digest for job in jobs]
