"""What a body offers and asks for, in the form of each API."""

from typing import Any

import pytest

from mockllm.api.reading.traits import traits_of


@pytest.mark.parametrize(
    ("body", "traits"),
    [
        ({}, ((), "text")),
        ({"tools": [{"function": {"name": "a"}}, {"name": "b"}, 5], "response_format": {"type": "json_object"}}, (("a", "b"), "json_object")),
        ({"text": {"format": {"type": "json_schema"}}}, ((), "json_schema")),
        ({"output_config": {"format": {"type": "json_schema"}}}, ((), "json_schema")),
        ({"tools": [{"type": "custom", "custom": {"name": "c"}}]}, (("c",), "text")),
        ({"generationConfig": {"responseMimeType": "application/json"}}, ((), "json_object")),
        ({"generation_config": {"response_mime_type": "application/json", "response_schema": {}}}, ((), "json_schema")),
        ({"generationConfig": {"response_mime_type": "application/json", "_response_json_schema": {}}}, ((), "json_schema")),
        ({"tools": "x", "text": "y", "response_format": 1}, ((), "text")),
        ([], ((), "text")),
    ],
)  # fmt: skip
def test_traits(body: Any, traits: Any) -> None:
    assert traits_of(body) == traits


def test_no_json_has_none() -> None:
    assert traits_of([]) == ((), "text")
