"""What makes two bodies the same request: all but white space, and the order of keys that no answer shows."""

from typing import Any

import pytest

from mockllm.api.reading.body import identify, with_model

ONE, OTHER = (
    {"a": {"type": "string"}, "b": {"type": "integer"}},
    {"b": {"type": "integer"}, "a": {"type": "string"}},
)


def form(schema: Any) -> dict[str, Any]:
    return {"response_format": {"json_schema": {"schema": schema}}}


def schema(properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    "body",
    [
        lambda order: form(schema(order)),
        lambda order: form(schema({"input": schema(order)})),
        lambda order: form(schema({"messages": {"items": schema(order)}})),
        lambda order: form(schema({"properties": schema(order)})),
        lambda order: form({"const": order}),
        lambda order: form({"enum": [[order]]}),
        lambda order: {"tools": [{"input_schema": schema(order)}]},
        lambda order: {"mock": {"calls": [{"name": "f", "arguments": order}]}},
        lambda order: {"mock": {"calls": [{"name": "f", "input": {"x": [order]}}]}},
    ],
)
def test_orders_that_an_answer_shows_count(body: Any) -> None:
    assert identify(body(ONE), 0) == identify(body(dict(ONE)), 0)
    assert identify(body(ONE), 0) != identify(body(OTHER), 0)


@pytest.mark.parametrize(
    "body",
    [
        lambda order: order,
        lambda order: {"input": [schema(order)]},
        lambda order: {"messages": [schema(order)]},
        lambda order: {"contents": [schema(order)]},
        lambda order: {"metadata": order},
        lambda order: form({"dependentRequired": order}),
        lambda order: form(schema({"properties": order})),
    ],
)
def test_others_do_not(body: Any) -> None:
    assert identify(body(ONE), 0) == identify(body(OTHER), 0)


def test_a_model_in_the_path_is_the_model() -> None:
    assert with_model(b'{"model":"a","x":1}', "b") == b'{"model":"b","x":1}'
    assert with_model(b'{"model": "a"}', None) == b'{"model": "a"}'
    assert with_model(b"[]", "b") == b"[]"
