"""Schemas that stand in prompts, as libraries write them there."""

import json
from typing import Any

import openai
import pytest

from mockllm.api.reading.formats import schema_in
from mockllm.values.conversation import Turn

SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "User",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
OTHER: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}}


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([f"Answer as JSON by this schema:\n{json.dumps(SCHEMA, indent=2)}\nNothing else.", "Hi"], SCHEMA),
        ([f"One {json.dumps(OTHER)} or two {json.dumps(SCHEMA)}"], SCHEMA),
        ([json.dumps(SCHEMA), json.dumps(OTHER)], OTHER),
        (['{"name": "no schema"} and {"type": "object"}'], None),
        (['{"type": "object", "properties": {"a": {"type": "wrong"}}}'], None),
        (['{"type": "object", "properties": '], None),
        (['{ "' * 5000], None),
        (['{"type": "object", "properties": {"a": {"type": "string", "description": "\\ud83d"}}}'], None),
        (['{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1e999}}}'], None),
        ([""], None),
    ],
)
def test_the_last_sound_one_is_taken(texts: list[str], found: Any) -> None:
    assert schema_in([Turn("user", text) for text in texts]) == found


def test_an_answer_keeps_to_it(client: openai.OpenAI) -> None:
    said: Any = [
        {"role": "system", "content": f"JSON: {json.dumps(SCHEMA)}"},
        {"role": "user", "content": "Jason"},
    ]
    asked: Any = {"model": "mock", "messages": said, "response_format": {"type": "json_object"}}
    text = client.chat.completions.create(**asked).choices[0].message.content
    assert set(json.loads(text or "")) == {"name", "age"}
