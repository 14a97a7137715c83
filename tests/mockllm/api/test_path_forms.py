"""Paths as Azure's client and base URLs with knobs have them."""

from typing import Any

import openai
import pytest

from mockllm import MockLLMServer
from tests.mockllm.calls import Caller, chat_body

QUESTION: Any = [{"role": "user", "content": "Hello"}]


def test_azures_own_client(server: MockLLMServer) -> None:
    version = "2024-10-21"
    with openai.AzureOpenAI(azure_endpoint=server.url, api_key="any", api_version=version) as client:
        chat = client.chat.completions.create(model="mock-tokens5", messages=QUESTION)
        assert chat.model == "mock-tokens5"
        assert chat.usage
        assert chat.usage.completion_tokens == 5
        assert list(client.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True))
        assert client.embeddings.create(model="text-embedding-3-small", input="x").data
        response = client.responses.create(model="mock-tokens5", input="Hello")
        assert client.responses.retrieve(response.id).output_text == response.output_text
        assert client.models.list().data
        assert client.models.retrieve("gpt-4o").id == "gpt-4o"
    with openai.OpenAI(base_url=f"{server.url}/openai/v1", api_key="any") as client:
        assert client.responses.create(model="mock-tokens5", input="Hello").output_text


def test_azures_key_is_asked_for() -> None:
    with MockLLMServer(profile="instant", api_key="right") as server:
        for key, error in (("right", None), ("wrong", openai.AuthenticationError)):
            client = openai.AzureOpenAI(
                azure_endpoint=server.url, api_key=key, api_version="x", max_retries=0
            )
            with client:
                if error is None:
                    assert client.chat.completions.create(model="mock", messages=QUESTION)
                    continue
                with pytest.raises(error):
                    client.chat.completions.create(model="mock", messages=QUESTION)


def test_a_deployment_is_the_model_whatever_the_body_says(caller: Caller) -> None:
    for named in (b"", b'"model":"gpt-4o",'):
        body = b'{%b"messages":[{"role":"user","content":"x"}]}' % named
        reply = caller.call("POST", "/openai/deployments/mock-tokens4/chat/completions", body)
        assert b'"model":"mock-tokens4"' in reply.body
        assert b'"completion_tokens":4' in reply.body
    for broken in (b"[]", b"{"):
        assert caller.call("POST", "/openai/deployments/mock/chat/completions", broken).status == 400


def test_knobs_in_the_base_url(caller: Caller) -> None:
    plain = caller.chat(model="gpt-4o", mock={"tokens": 7, "seed": 3})
    turned = caller.call("POST", "/tokens7-seed3/v1/chat/completions", chat_body(model="gpt-4o"))
    assert b'"completion_tokens":7' in turned.body
    text = turned.body.split(b'"content":"')[1].split(b'"')[0]
    assert text in plain.body
    stronger = caller.call("POST", "/tokens7/v1/chat/completions", chat_body(model="mock-tokens3"))
    assert b'"completion_tokens":3' in stronger.body
    assert caller.call("POST", "/rate_limit:10/v1/chat/completions", chat_body()).status == 429


@pytest.mark.parametrize("path", ["/warp9/v1/chat/completions", "/openai/chat/completions", "/a/b/v1/models"])
def test_what_is_neither_is_not_found(caller: Caller, path: str) -> None:
    assert caller.call("POST", path, chat_body()).status == 404
