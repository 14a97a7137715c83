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


@pytest.mark.parametrize(
    ("items", "tool"),
    [
        ([InputItem(type="custom_tool_call", call_id="k", name="apply"), InputItem(type="custom_tool_call_output", call_id="k", output="x")], "apply"),
        ([InputItem(type="custom_tool_call_output", call_id="k", output="x")], "custom_tool"),
        ([InputItem(type="local_shell_call", call_id="k"), InputItem(type="local_shell_call_output", call_id="k", output="x")], "local_shell"),
        ([InputItem(type="tool_search_output", output="x")], "tool_search"),
        ([InputItem(type="mcp_call_output", name="find", output="x")], "find"),
    ],
)  # fmt: skip
def test_a_result_is_of_the_tool_that_was_called(items: list[InputItem], tool: str) -> None:
    *_, result = turns_of([InputItem(role="user", content="Hi"), *items])
    assert (result.role, result.answers) == ("tool", tool)
