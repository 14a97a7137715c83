"""The words for a request that no rule answers."""

import pytest

from mockllm.rules import Question
from mockllm.rules.nearest import unanswered
from mockllm.rules.rule import Rule
from mockllm.values.conversation import Turn

ASKED = Question("gpt-4o", [Turn("user", "Where is my order?")])
CAME = "no rule answers this request (model 'gpt-4o', turn 1, text 'Where is my order?')"
REFUND = ("rules[0]", Rule({"text": "refund", "model": "claude*"}, {"text": "x"}))
ORDER = ("rules[1]", Rule({"text": "order", "turn": 2}, {"text": "x"}))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([], ", and there are no rules"),
        ([REFUND], "; the nearest, rules[0], wants text 'refund' and model 'claude*'"),
        ([REFUND, ORDER], "; the nearest, rules[1], wants turn 2"),
        ([("answer 1", Rule({}, {"text": "x"}, times=1))], "; the nearest, answer 1, is used up"),
    ],
)
def test_the_nearest_is_named(rules: list[tuple[str, Rule]], told: str) -> None:
    assert unanswered(rules, ASKED) == CAME + told


def test_a_long_text_is_cut() -> None:
    assert f"{'x' * 80}...'" in unanswered([], Question("m", [Turn("user", "x" * 81)]))
