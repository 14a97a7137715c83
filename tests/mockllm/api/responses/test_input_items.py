"""The items that the vendor's newest client can send, whatever made them."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from openai.types.responses import ResponseInputItemParam

from mockllm.api.responses.input_items import InputItem, turns_of
from mockllm.values import ApiError

OURS = {"message", "function_call", "function_call_output", "item_reference"}
"""Those that are read; the others are taken as they are."""


def kinds() -> Iterator[str]:
    for item in get_args(ResponseInputItemParam):
        yield from (kind for kind in get_args(get_type_hints(item).get("type")) if isinstance(kind, str))


@pytest.mark.parametrize("kind", sorted({*kinds()} - OURS))
def test_any_item_of_the_vendors_own_is_taken(kind: str) -> None:
    said = InputItem(role="user", content="Hi")
    taken = turns_of([said, InputItem(type=kind, output="Done.", id="x")])
    assert taken[0].text == "Hi"


@pytest.mark.parametrize("kind", ["warp", "", "function"])
def test_others_are_refused_by_name(kind: Any) -> None:
    with pytest.raises(ApiError) as refused:
        turns_of([InputItem(type=kind)])
    assert (refused.value.param, refused.value.code) == ("input[0].type", "invalid_value")
