"""Each dialect as a client sees it: what a stream holds, what is whole, and how it fails."""

import json
from typing import Any

import openai
import pytest

from mockllm.api.dialects import SERVERS
from mockllm.rules.knobs import DIALECTS
from tests.mockllm.calls import Caller
from tests.mockllm.conformance.cases import QUESTION, TOOLS

CHAT = "/v1/chat/completions"


def chunks(caller: Caller, model: str, **fields: Any) -> list[dict[str, Any]]:
    body = caller.chat(model=model, stream=True, **fields).body.decode()
    data = [line.removeprefix("data: ") for line in body.splitlines() if line.startswith("data: {")]
    return [json.loads(line) for line in data]


def deltas(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [choice["delta"] for chunk in told for choice in chunk["choices"]]


def test_the_knobs_name_those_that_are_spoken() -> None:
    assert set(DIALECTS) == set(SERVERS)


@pytest.mark.parametrize("name", DIALECTS)
def test_the_text_is_that_of_openais_form(caller: Caller, client: openai.OpenAI, name: str) -> None:
    plain = json.loads(caller.chat(model="mock-tokens12").body)["choices"][0]["message"]["content"]
    told = deltas(chunks(caller, f"mock-{name}-tokens12-reasoning5"))
    texts = [delta["content"] for delta in told if isinstance(delta.get("content"), str)]
    assert "".join(texts) == plain
    whole = json.loads(caller.chat(model=f"mock-{name}-tokens12").body)
    assert whole["choices"][0]["message"]["content"] == plain
    asked: Any = {"model": f"mock-{name}-tokens12", "messages": [{"role": "user", "content": "x"}]}
    assert list(client.chat.completions.create(**asked, stream=True))
    assert (
        caller.chat(model=f"mock-{name}", stream=True).body
        == caller.chat(model=f"mock-{name}", stream=True).body
    )


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("deepseek", "reasoning_content"),
        ("openrouter", "reasoning"),
        ("vllm", "reasoning"),
        ("llamacpp", "reasoning_content"),
    ],
)
def test_thoughts_stand_in_the_servers_field(caller: Caller, name: str, key: str) -> None:
    thought = "".join(delta.get(key) or "" for delta in deltas(chunks(caller, f"mock-{name}-reasoning5")))
    whole = json.loads(caller.chat(model=f"mock-{name}-reasoning5").body)["choices"][0]["message"]
    assert whole[key] == thought != ""


def test_mistral_thinks_in_a_list_and_calls_at_once(caller: Caller) -> None:
    told = deltas(chunks(caller, "mock-mistral-reasoning2"))
    parts = [delta["content"][0] for delta in told if isinstance(delta.get("content"), list)]
    assert [part["type"] for part in parts] == ["thinking", "thinking"]
    whole = json.loads(caller.chat(model="mock-mistral-reasoning2").body)["choices"][0]["message"]
    assert [part["type"] for part in whole["content"]] == ["thinking", "text"]
    *_, last = deltas(chunks(caller, "mock-mistral", tools=TOOLS, mock={"calls": 2}))
    names = [call["function"]["name"] for call in last["tool_calls"]]
    assert names == ["get_weather", "get_time"]
    assert all(json.loads(call["function"]["arguments"]) is not None for call in last["tool_calls"])


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("deepseek", [False, False, False, True]),
        ("mistral", [False, False, False, True]),
        ("perplexity", [True, True, True, True]),
        ("openrouter", [False, False, False, False, True]),
        ("vllm", [False, False, False, False]),
    ],
)
def test_usage_stands_where_the_server_has_it(caller: Caller, name: str, places: list[bool]) -> None:
    told = chunks(caller, f"mock-{name}-tokens2")
    assert [bool(chunk.get("usage")) for chunk in told] == places
    if any(places):
        assert told[-1]["usage"]["completion_tokens"] == 2


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("azure", ("error", "code"), "rate_limit_exceeded"),
        ("openrouter", ("error", "code"), 429),
        ("vllm", ("error", "type"), "RateLimitError"),
        ("llamacpp", ("error", "code"), 429),
        ("mistral", ("object",), "error"),
        ("deepseek", ("error", "code"), "rate_limit_exceeded"),
    ],
)
def test_refusals_are_the_servers(caller: Caller, name: str, path: tuple[str, ...], value: Any) -> None:
    told = json.loads(caller.chat(model=f"mock-{name}-rate_limit").body)
    for step in path:
        told = told[step]
    assert told == value


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, {"model": "mock-mistral", "temperature": 5}),
        (CHAT, {"model": "mock-mistral", "messages": 5}),
        (CHAT, {"model": "mock-mistral", "mock": {"warp": 9}}),
        (CHAT, {"model": "gpt-4o", "temperature": 5, "mock": {"dialect": "mistral"}}),
        ("/mistral/v1/chat/completions", {"model": "gpt-4o", "temperature": 5}),
        ("/v1/embeddings", {"model": "mock-mistral", "input": ""}),
    ],
)
def test_refusals_that_no_fault_raises_are_the_servers_too(caller: Caller, path: str, body: Any) -> None:
    reply = caller.call("POST", path, json.dumps({"messages": QUESTION, **body}).encode())
    assert (reply.status, json.loads(reply.body)["object"]) == (400, "error")


def test_azures_refusals_have_no_more_than_azures(caller: Caller) -> None:
    path = "/openai/deployments/gpt-4o/chat/completions"
    assert caller.call("POST", path, b"{").error.keys() == {"code", "message"}
    assert caller.call("POST", path, b'{"messages": 5}').error.keys() == {"code", "message"}
    assert caller.chat(temperature=5).error.keys() == {"code", "message", "param", "type"}


def test_mistral_thinks_without_a_text_where_there_is_none(caller: Caller) -> None:
    for knobs in ({"reasoning": 3, "calls": [{"name": "f"}]}, {"reasoning": 3, "refusal": "No."}):
        (choice,) = json.loads(caller.chat(model="mock-mistral", mock=knobs).body)["choices"]
        assert [part["type"] for part in choice["message"]["content"]] == ["thinking"]


def test_failures_in_the_middle_are_the_servers(caller: Caller) -> None:
    *_, last = chunks(caller, "mock-openrouter-error_event@1")
    assert (last["error"]["code"], last["choices"][0]["finish_reason"]) == (502, "error")
    *_, last = chunks(caller, "mock-mistral-error_event@1")
    assert last["object"] == "error"
    full = json.loads(caller.chat(model="mock-llamacpp-context_length").body)["error"]
    assert (full["type"], full["n_ctx"]) == ("exceed_context_size_error", 8192)


def test_servers_comment_while_they_wait(caller: Caller) -> None:
    for name, comment in (("deepseek", b": keep-alive\n\n"), ("openrouter", b": OPENROUTER PROCESSING\n\n")):
        assert caller.chat(model=f"mock-{name}", stream=True).body.startswith(comment)


def test_azure_begins_without_choices(caller: Caller) -> None:
    first, second, *_ = chunks(caller, "mock-azure")
    assert first["choices"] == []
    assert first["prompt_filter_results"]
    assert second["choices"][0]["content_filter_results"] == {}
