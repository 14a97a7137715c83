"""The request decides every byte of the body: golden hashes, at any concurrency, on any worker."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockllm import MockLLMServer
from tests.mockllm.calls import Caller, chat_body

ESSAY = {"messages": [{"role": "user", "content": "Write an 800-word essay on quantum mechanics"}]}
GOLDEN = {
    "essay": (ESSAY, "aea2e7363c2d34ad"),
    "streamed essay": ({**ESSAY, "stream": True}, "5ef619b31c5d3980"),
    "usage and choices": (
        {"stream": True, "stream_options": {"include_usage": True}, "n": 3, "model": "mock-tokens30"},
        "79e7c587d52ea3af",
    ),
    "cut": ({"max_tokens": 12, "stop": ["zzz"]}, "6d8d75fcf2f5faff"),
    "unusual": (
        {"stream": True, "messages": [{"role": "user", "content": "👨‍👩‍👧 \t“日本”\r\n\u2028"}]},
        "6b50d1dc83308c55",
    ),
}


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_bytes(caller: Caller, name: str) -> None:
    fields, expected = GOLDEN[name]
    assert digest(caller.chat(**fields).body) == expected


def test_the_order_of_keys_does_not_matter(caller: Caller) -> None:
    fields = json.loads(chat_body(stream=True))
    turned = {"stream": True, "messages": [dict(reversed(fields["messages"][0].items()))], "model": "mock"}
    assert (
        caller.chat(**turned).body
        == caller.call("POST", "/v1/chat/completions", json.dumps(fields, indent=3).encode()).body
    )


def test_another_seed_is_another_answer(caller: Caller) -> None:
    assert caller.chat(model="mock-seed1").body != caller.chat(model="mock-seed2").body


def test_fifty_at_once_on_two_workers_get_the_golden_bytes() -> None:
    jobs = list(GOLDEN.values()) * 10
    with MockLLMServer(profile="instant", workers=2) as server, ThreadPoolExecutor(50) as pool:
        caller = Caller(server.url)
        got = list(pool.map(lambda job: digest(caller.chat(**job[0]).body), jobs))
    assert got == [expected for _, expected in jobs]
