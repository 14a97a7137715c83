"""How long an answer is at least."""

import json
from typing import Any

import pytest

from tests.mockllm.calls import Caller


@pytest.mark.parametrize("path", ["chat/completions", "completions"])
def test_an_answer_is_as_long_as_vllms_parameters_say(caller: Caller, path: str) -> None:
    prompt: dict[str, Any] = (
        {"prompt": "x"} if path == "completions" else {"messages": [{"role": "user", "content": "x"}]}
    )
    ends = []
    for fields in (
        {"ignore_eos": True, "max_tokens": 700},
        {"min_tokens": 700, "max_tokens": 2000},
        {"model": "mock-tokens5", "min_tokens": 9, "max_tokens": 50},
    ):
        body = json.dumps({"model": "mock", **prompt, **fields}).encode()
        answer = json.loads(caller.call("POST", f"/v1/{path}", body).body)
        ends.append((answer["usage"]["completion_tokens"], answer["choices"][0]["finish_reason"]))
    assert ends == [(700, "length"), (700, "stop"), (9, "stop")]
