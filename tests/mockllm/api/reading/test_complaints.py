"""OpenAI's own words and codes for what does not fit, and the name of the field in each."""

from typing import Any

import pytest

from mockllm.api import chat, embeddings, responses
from mockllm.values import ApiError

SAID = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        (
            {"temperature": "hot"},
            "invalid_type",
            "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        ),
        (
            {"temperature": -1},
            "decimal_below_min_value",
            "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
        ),
        (
            {"n": 129},
            "integer_above_max_value",
            "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.",
        ),
        (
            {"stop": 5},
            "invalid_type",
            "Invalid type for 'stop': expected one of a string or an array, but got an integer instead.",
        ),
        (
            {"stop": ["a"] * 5},
            "array_above_max_length",
            (
                "Invalid 'stop': array too long. Expected an array with maximum length 4, "
                "but got an array with length 5 instead."
            ),
        ),
        (
            {"messages": []},
            "empty_array",
            (
                "Invalid 'messages': empty array. Expected an array with minimum length 1, "
                "but got an empty array instead."
            ),
        ),
        (
            {"model": ""},
            "empty_string",
            (
                "Invalid 'model': empty string. Expected a string with minimum length 1, "
                "but got an empty string instead."
            ),
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]},
            "invalid_type",
            "Invalid type for 'messages[0].content[0].text': expected a string, but got an integer instead.",
        ),
        (
            {"response_format": {"type": "xml"}},
            "invalid_value",
            "Invalid value: 'xml'. Supported values are: 'json_object', 'json_schema', and 'text'.",
        ),
        (
            {"metadata": {"a": "b", "c": 5}},
            "invalid_type",
            "Invalid type for 'metadata.c': expected a string, but got an integer instead.",
        ),
        (
            {"metadata": {"a": "b", "c": "x" * 513}},
            "string_above_max_length",
            (
                "Invalid 'metadata.c': string too long. Expected a string with maximum length 512, "
                "but got a string with length 513 instead."
            ),
        ),
        (
            {"metadata": {str(number): "x" for number in range(17)}},
            "object_above_max_properties",
            (
                "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, "
                "but got an object with 17 properties instead."
            ),
        ),
        (
            {"logit_bias": {"5": 1, "6": 200}},
            "decimal_above_max_value",
            (
                "Invalid 'logit_bias.6': decimal above maximum value. "
                "Expected a value <= 100, but got 200 instead."
            ),
        ),
    ],
)
def test_what_does_not_fit_is_told_as_openai_tells_it(
    fields: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(ApiError) as refused:
        chat.parse({**SAID, **fields})
    assert (refused.value.status, refused.value.code, refused.value.message) == (400, code, message)


@pytest.mark.parametrize(
    ("parse", "given", "param"),
    [
        (responses.parse, {"model": "m", "input": "Hi", "reasoning": {"effort": "warp"}}, "reasoning.effort"),
        (responses.parse, {"model": "m", "input": "Hi", "metadata": {"k" * 65: "v"}}, "metadata"),
        (responses.parse, {"model": "m", "input": [5]}, "input[0]"),
        (embeddings.parse, {"model": "m", "input": [1, -1]}, "input[1]"),
        (embeddings.parse, {"model": "m", "input": [[1], ["x"]]}, "input[1][0]"),
        (chat.parse, {"model": "m"}, "messages"),
        (chat.parse, {**SAID, "tools": [{"type": "function", "function": {}}]}, "tools[0].function.name"),
        (chat.parse, {**SAID, "verbosity": "loud"}, "verbosity"),
        (chat.parse, {**SAID, "user": 5}, "user"),
        (chat.parse, 5, None),
    ],
)
def test_the_field_is_named(parse: Any, given: Any, param: str | None) -> None:
    with pytest.raises(ApiError) as refused:
        parse(given)
    assert refused.value.param == param
