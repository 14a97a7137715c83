"""The table of what is asked under which path."""

from typing import Any

import pytest

from mockllm.api import ENDPOINTS, GEMINI, Endpoint

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize(
    ("endpoint", "given"),
    [
        (ENDPOINTS["/v1/chat/completions"], {"model": "m", "messages": HELLO}),
        (ENDPOINTS["/v1/messages"], {"model": "m", "messages": HELLO, "max_tokens": 9}),
        (ENDPOINTS["/v1/responses"], {"model": "m", "input": HELLO}),
        (GEMINI["generateContent"], {"model": "m", "contents": [{"parts": [{"text": "Hello"}]}]}),
    ],
)
def test_the_rules_see_the_turns_that_are_answered(endpoint: Endpoint, given: Any) -> None:
    """A long conversation is read once, however often its answer is planned."""
    nothing_kept: Any = None
    asked = endpoint.recall(endpoint.parse(given), given, nothing_kept)
    assert [turn.text for turn in endpoint.turns(asked)] == ["Hello"]
    assert endpoint.turns(asked) is asked.ask.turns
    assert asked.ask is asked.ask
