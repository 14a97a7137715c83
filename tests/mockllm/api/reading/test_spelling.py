"""Names in Google's JSON, in both their spellings."""

import pytest

from mockllm.api.reading.spelling import camel_case, in_camel_case, snake_case


@pytest.mark.parametrize(
    ("snake", "camel"),
    [
        ("response_json_schema", "responseJsonSchema"),
        ("_response_json_schema", "_responseJsonSchema"),
        ("top_p", "topP"),
        ("contents", "contents"),
    ],
)
def test_a_name_in_its_two_spellings(snake: str, camel: str) -> None:
    assert (camel_case(snake), camel_case(camel), snake_case(camel)) == (camel, camel, snake)


@pytest.mark.parametrize("free", ["response_json_schema", "_response_json_schema", "parameters", "args"])
def test_what_is_the_callers_own_keeps_its_names(free: str) -> None:
    own = {"properties": {"first_name": {"max_length": 1}}}
    assert in_camel_case([{"some_field": {free: own}}]) == [{"someField": {camel_case(free): own}}]
