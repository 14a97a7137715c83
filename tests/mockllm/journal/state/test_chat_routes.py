"""Stored chat completions, by OpenAI's own client, over two workers."""

from typing import Any

import openai
import pytest

from mockllm import Settings, create_app
from tests.mockllm.conformance.strict import strict_errors

QUESTION: Any = [{"role": "user", "content": "Hello"}]


def test_what_is_stored_is_found_and_goes(client: openai.OpenAI) -> None:
    asked: Any = {"model": "mock-tokens5", "messages": QUESTION, "store": True, "metadata": {"test": "one"}}
    sent = client.chat.completions.create(**asked)
    shown = client.chat.completions.retrieve(sent.id)
    assert shown.to_dict() == {**sent.to_dict(), "metadata": {"test": "one"}}
    assert strict_errors(shown) == []
    assert [each.id for each in client.chat.completions.list(metadata={"test": "one"})] == [sent.id]
    assert list(client.chat.completions.list(model="mock-other")) == []
    (message,) = client.chat.completions.messages.list(sent.id).data
    assert (message.content, message.to_dict()["role"]) == ("Hello", "user")
    assert client.chat.completions.update(sent.id, metadata={"test": "two"}).metadata == {"test": "two"}
    assert client.chat.completions.delete(sent.id).deleted
    with pytest.raises(openai.NotFoundError, match=sent.id):
        client.chat.completions.retrieve(sent.id)


def test_nothing_is_stored_unasked(client: openai.OpenAI) -> None:
    sent = client.chat.completions.create(model="mock-tokens6", messages=QUESTION)
    with pytest.raises(openai.NotFoundError, match="'store'"):
        client.chat.completions.retrieve(sent.id)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"metadata": {"k" * 65: "v"}}, "metadata"),
        ({"metadata": {"k": "v" * 513}}, "metadata.k"),
        ({"metadata": {str(number): "v" for number in range(17)}}, "metadata"),
        ({"metadata": {"k": 5}}, "metadata.k"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"k" * 64: "v" * 512}}, None),
        ({"metadata": None}, None),
        ({}, "metadata"),
        ([], "metadata"),
    ],
)
def test_metadata_that_no_request_could_bring_is_refused(body: Any, param: str | None) -> None:
    client = create_app(Settings(profile="instant")).test_client()
    asked = {"model": "mock-tokens1", "messages": QUESTION, "store": True}
    key = (client.post("/v1/chat/completions", json=asked).json or {})["id"]
    answer = client.post(f"/v1/chat/completions/{key}", json=body)
    assert answer.status_code == (400 if param else 200)
    assert ((answer.json or {}).get("error") or {}).get("param") == param


def test_other_metadata_move_nothing_on_the_pages() -> None:
    client = create_app(Settings(profile="instant")).test_client()
    path = "/v1/chat/completions"
    asked = [{"model": f"mock-tokens{n}", "messages": QUESTION, "store": True} for n in (1, 2, 3)]
    keys = [(client.post(path, json=each).json or {})["id"] for each in asked]
    (first,) = (client.get(f"{path}?limit=1").json or {})["data"]
    assert client.post(f"{path}/{first['id']}", json={"metadata": {"k": "v"}}).status_code == 200
    rest = (client.get(f"{path}?after={first['id']}").json or {})["data"]
    assert [first["id"], *(each["id"] for each in rest)] == keys
