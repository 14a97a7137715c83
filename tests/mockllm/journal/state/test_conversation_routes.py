"""Conversations, by OpenAI's own client, over two workers."""

import json
from typing import Any

import openai
import pytest

from tests.mockllm.calls import Caller
from tests.mockllm.conformance.strict import strict_errors

HELLO: Any = [{"type": "message", "role": "user", "content": "Hello"}]


def told(client: openai.OpenAI, key: str) -> list[str]:
    items = list(client.conversations.items.list(key, order="asc"))
    assert [error for item in items for error in strict_errors(item)] == []
    return [item.to_dict()["role"] for item in items]


def test_what_is_said_in_a_conversation_stays_there(client: openai.OpenAI) -> None:
    conversation = client.conversations.create(items=HELLO, metadata={"topic": "rivers"})
    assert strict_errors(conversation) == []
    first = client.responses.create(model="mock-tokens9", input="More", conversation=conversation.id)
    assert first.conversation is not None
    assert first.conversation.id == conversation.id
    assert told(client, conversation.id) == ["user", "user", "assistant"]
    again = client.responses.create(model="mock-tokens9", input="More", conversation={"id": conversation.id})
    assert again.id != first.id
    assert first.usage
    assert again.usage
    assert again.usage.input_tokens > first.usage.input_tokens
    assert len(told(client, conversation.id)) == 5


def test_conversations_that_begin_alike_are_two(client: openai.OpenAI) -> None:
    one, two = (client.conversations.create(items=HELLO) for _ in range(2))
    assert one.id != two.id
    client.conversations.items.create(one.id, items=HELLO)
    assert [len(told(client, each.id)) for each in (one, two)] == [2, 1]


def test_items_are_added_shown_and_removed(client: openai.OpenAI) -> None:
    key = client.conversations.create().id
    added = client.conversations.items.create(key, items=[*HELLO, *HELLO])
    assert strict_errors(added) == []
    first, second = added.data
    assert (
        client.conversations.items.retrieve(first.id or "", conversation_id=key).to_dict() == first.to_dict()
    )
    client.conversations.items.delete(first.id or "", conversation_id=key)
    assert [item.id for item in client.conversations.items.list(key)] == [second.id]
    with pytest.raises(openai.NotFoundError, match="Item with id"):
        client.conversations.items.retrieve(first.id or "", conversation_id=key)


def test_its_metadata_changes_and_it_goes(client: openai.OpenAI) -> None:
    key = client.conversations.create(metadata={"a": "b"}).id
    assert client.conversations.update(key, metadata={"c": "d"}).metadata == {"c": "d"}
    assert client.conversations.retrieve(key).metadata == {"c": "d"}
    assert client.conversations.delete(key).deleted
    for ask in (client.conversations.retrieve, client.conversations.items.list, client.conversations.delete):
        with pytest.raises(openai.NotFoundError, match=key):
            ask(key)


@pytest.mark.parametrize(
    ("options", "words"),
    [({"limit": 0}, "limit"), ({"order": "up"}, "order"), ({"after": "msg_1"}, "'msg_1' is not in the list")],
)
def test_a_page_that_makes_no_sense(client: openai.OpenAI, options: dict[str, Any], words: str) -> None:
    key = client.conversations.create().id
    with pytest.raises(openai.BadRequestError, match=words):
        client.conversations.items.list(key, **options)


def test_the_order_of_keys_does_not_name_a_conversation(caller: Caller) -> None:
    bodies = (b'{"metadata":{"a":"b","c":"d"},"items":[]}', b'{"items": [], "metadata": {"c":"d","a":"b"}}')
    one, other = (json.loads(caller.call("POST", "/v1/conversations", body).body)["id"] for body in bodies)
    assert one[:45] == other[:45], "but for the number behind"
