"""The choice among tools, some of which are no functions."""

from typing import Any

import pytest

from mockllm.api.reading.tools import Function, Naming, toolbox
from mockllm.values import ApiError

F, MCP = {"type": "function", "name": "f"}, {"type": "mcp", "server_label": "docs"}


def allowed(mode: str, *tools: Any) -> dict[str, Any]:
    return {"type": "allowed_tools", "mode": mode, "tools": list(tools)}


@pytest.mark.parametrize(
    ("names", "others", "choice", "expected"),
    [
        (["f", "g"], ["mcp"], allowed("auto", F, MCP), ("auto", ["f"])),
        (["f", "g"], ["mcp"], allowed("required", MCP, F), ("required", ["f"])),
        (["f", "g"], ["mcp"], allowed("required", MCP), ("none", ["f", "g"])),
        (["f"], ["custom"], {"type": "allowed_tools", "allowed_tools": allowed("auto", {"type": "custom", "custom": {"name": "c"}})}, ("none", ["f"])),
        ([], ["mcp"], "required", ("none", [])),
        (["f"], ["mcp"], "required", ("required", ["f"])),
        ([], ["web_search"], {"type": "function", "name": "web_search"}, ("none", [])),
        (["f"], ["web_search"], {"type": "function", "name": "web_search"}, ("none", ["f"])),
        (["f"], ["f"], F, ("required", ["f"])),
    ],
)  # fmt: skip
def test_tools_that_are_no_functions_may_be_chosen_and_are_not_called(
    names: list[str], others: list[str], choice: Any, expected: Any
) -> None:
    box = toolbox({name: Function(name) for name in names}, choice, None, others)
    assert (box.choice, [tool.name for tool in box.tools]) == expected


@pytest.mark.parametrize("choice", ["required", F, allowed("auto", F)])
def test_a_choice_without_tools_is_refused_where_it_stands(choice: Any) -> None:
    with pytest.raises(ApiError, match="'tool_config' is only allowed") as caught:
        toolbox({}, choice, None, naming=Naming(choice="tool_config"))
    assert caught.value.param == "tool_config"


def test_a_name_is_as_each_vendor_lets_it_be() -> None:
    longer = Naming(signs="_.:-", longest=128)
    assert toolbox({"tools[0]": Function("files.read:all-" + "x" * 113)}, None, None, naming=longer).tools
    with pytest.raises(ApiError, match=r"1 to 64 of a-z, A-Z, 0-9, _ and -, got 'files.read'"):
        toolbox({"tools[0]": Function("files.read")}, None, None)
