"""What Anthropic's client makes of refusals and of errors in the middle."""

from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from mockllm import MockLLMServer
from tests.mockllm.calls import Caller

QUESTION: Any = [{"role": "user", "content": "Hello"}]
CALL = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "x"}


@pytest.fixture
def client(server: MockLLMServer) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=server.url, api_key="any", max_retries=0) as opened:
        yield opened


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        ("rate_limit", anthropic.RateLimitError, "rate_limit_error"),
        ("server_error", anthropic.InternalServerError, "api_error"),
        ("overloaded", anthropic.InternalServerError, "overloaded_error"),
        ("bad_key", anthropic.AuthenticationError, "authentication_error"),
        ("context_length", anthropic.BadRequestError, "invalid_request_error"),
    ],
)
def test_faults_are_the_clients_own_errors(
    client: anthropic.Anthropic, fault: str, error: type[anthropic.APIStatusError], kind: str
) -> None:
    with pytest.raises(error) as caught:
        client.messages.create(model=f"mock-{fault}", max_tokens=9, messages=QUESTION)
    body: Any = caught.value.body
    assert (body["type"], body["error"]["type"]) == ("error", kind)
    assert body["request_id"] == caught.value.request_id is not None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"messages": []}, "messages"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages.0.content.0.type"),
        ({"messages": [{"role": "user", "content": [RESULT]}]}, "unexpected `tool_use_id`"),
        ({"messages": [{"role": "assistant", "content": [CALL]}]}, "without `tool_result` blocks"),
        ({"messages": [{"role": "user", "content": [CALL]}]}, "only be in `assistant`"),
        ({"tools": [{"name": "f"}]}, "tools.0.custom.input_schema"),
        ({"tools": [{"input_schema": {"type": "object"}}]}, "tools.0.custom.name"),
        (
            {"tools": [{"name": "f", "input_schema": {"type": "array"}}]},
            "tools.0.custom.input_schema: Invalid schema",
        ),
        ({"tool_choice": {"type": "tool", "name": "f"}}, "tool_choice"),
        ({"thinking": {"type": "enabled", "budget_tokens": 10}}, "at least 1024, got 10"),
        ({"thinking": {"type": "enabled", "budget_tokens": 4096}}, "less than max_tokens"),
        ({"model": "mock-itl5-warp"}, "warp"),
    ],
)
def test_bad_requests_name_the_field(client: anthropic.Anthropic, fields: dict[str, Any], words: str) -> None:
    asked = {"model": "mock", "max_tokens": 2000, "messages": QUESTION, **fields}
    with pytest.raises(anthropic.BadRequestError, match=words.replace("`", ".")):
        client.messages.create(**asked)


def test_max_tokens_is_required(caller: Caller) -> None:
    reply = caller.call(
        "POST", "/v1/messages", b'{"model":"mock","messages":[{"role":"user","content":"x"}]}'
    )
    assert reply.status == 400
    assert reply.error["message"] == "Missing required parameter: 'max_tokens'."


@pytest.mark.parametrize("stream", [False, True])
def test_an_error_in_the_middle_is_raised(client: anthropic.Anthropic, stream: bool) -> None:
    asked: Any = {"model": "mock-error_event@1", "max_tokens": 9, "messages": QUESTION}
    if not stream:
        raw = client.messages.with_raw_response.create(**asked).http_response.json()
        assert raw == {"type": "error", "error": {"type": "api_error", "message": raw["error"]["message"]}}
        return
    with pytest.raises(anthropic.APIStatusError) as caught:
        list(client.messages.create(stream=True, **asked))
    body: Any = caught.value.body
    assert body["error"]["type"] == "api_error"


def test_a_key_is_asked_for_where_one_is_set() -> None:
    with MockLLMServer(profile="instant", api_key="right") as server:
        with anthropic.Anthropic(base_url=server.url, api_key="right", max_retries=0) as client:
            assert client.messages.create(model="mock", max_tokens=9, messages=QUESTION).content
        with (
            anthropic.Anthropic(base_url=server.url, api_key="wrong", max_retries=0) as client,
            pytest.raises(anthropic.AuthenticationError),
        ):
            client.messages.create(model="mock", max_tokens=9, messages=QUESTION)
