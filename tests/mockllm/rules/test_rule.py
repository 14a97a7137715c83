from typing import Any

import pytest

from mockllm.rules import Question, Rule, RuleError, first_match, matches, missed, read_rule, turn_by_rule
from mockllm.rules.knobs import Knobs
from mockllm.timing.pacing import PROFILES, Pace
from mockllm.values.conversation import Attachment, Turn

ASKED = Question(
    "gpt-4o-mini",
    (
        Turn("system", "You sell books."),
        Turn("user", "Do you have Ulysses?"),
        Turn("assistant", "Yes."),
        Turn("user", "Then a REFUND, please"),
    ),
)
AFTER_TOOL = Question(
    "mock", (*ASKED.turns, Turn("assistant", ""), Turn("tool", "Sunny, 20 °C", answers="get_weather"))
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, True),
        ({"text": "refund"}, True),
        ({"text": "Ulysses"}, False),
        ({"regex": r"^Then .* please$"}, True),
        ({"regex": "refund"}, False),
        ({"model": "gpt-4*"}, True),
        ({"model": "gpt-4"}, False),
        ({"system": "sell books"}, True),
        ({"system": "refund"}, False),
        ({"turn": 2}, True),
        ({"turn": 1}, False),
        ({"tool": "get_weather"}, False),
        ({"text": "refund", "turn": 1}, False),
        ({"text": "refund", "turn": 2}, True),
    ],
)
def test_conditions(when: dict[str, Any], expected: bool) -> None:
    assert matches(Rule(when, {"text": "x"}), ASKED) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"tool": "get_weather"}, True),
        ({"tool": "get_time"}, False),
        ({"tool_result": "sunny"}, True),
        ({"tool_result": "rain"}, False),
        ({"text": "refund"}, True),
    ],
)
def test_conditions_on_the_result_of_a_tool(when: dict[str, Any], expected: bool) -> None:
    assert matches(Rule(when, {"text": "x"}), AFTER_TOOL) is expected


def test_a_rule_that_calls_a_tool_does_not_answer_its_result() -> None:
    call = {"calls": [{"name": "get_weather"}]}
    assert matches(Rule({"text": "refund"}, call), ASKED)
    assert not matches(Rule({"text": "refund"}, call), AFTER_TOOL)
    assert not matches(Rule({}, call), AFTER_TOOL)
    assert matches(Rule({"tool": "get_weather"}, call), AFTER_TOOL)


def test_the_result_of_an_earlier_round_counts_no_more() -> None:
    later = Question("mock", (*AFTER_TOOL.turns, Turn("assistant", "Sunny."), Turn("user", "Thanks")))
    assert not matches(Rule({"tool": "get_weather"}, {"text": "x"}), later)


def test_the_first_match_wins() -> None:
    rules = [Rule({"turn": 1}, {"text": "a"}), Rule({"turn": 2}, {"text": "b"}), Rule({}, {"text": "c"})]
    assert first_match(rules, ASKED) == rules[1]
    assert first_match(rules[:1], ASKED) is None


def test_what_is_missed_is_told_of_texts_that_no_pattern_is_tried_on() -> None:
    long = Question("gpt-4o", (Turn("user", "b" * 5_000),))
    rule = Rule({"model": "x", "regex": "(?=a)b", "turn": 1}, {"text": "x"})
    assert not matches(rule, long)
    assert missed(rule, long) == ["model", "regex"]


def test_its_knobs_are_laid_over_those_there_are() -> None:
    rule = Rule({}, {"ttft": 5, "profile": "founding", "text": "Hi"})
    knobs = turn_by_rule(Knobs(PROFILES["fast"], seed=3), rule)
    assert (knobs.text, knobs.seed) == ("Hi", 3)
    assert knobs.pace == Pace(0.005, PROFILES["founding"].itl_seconds)


PICTURED = Turn("user", "Look", (Attachment("a", 85, "image"), Attachment("b", 9, "file")))
WIDE = Question("gpt-4o", [PICTURED], {"x-tenant": "acme"}, ("get_weather",), "json_schema")


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"header": {"X-Tenant": "ac*"}}, True),
        ({"header": {"X-Tenant": "ac*", "x-user": "?*"}}, False),
        ({"offers": "get_weather"}, True),
        ({"offers": "get_time"}, False),
        ({"images": 1}, True),
        ({"images": 0}, False),
        ({"response_format": "json_schema"}, True),
        ({"response_format": "text"}, False),
    ],
)
def test_conditions_on_what_comes_with_the_words(when: dict[str, Any], holds: bool) -> None:
    assert matches(read_rule({"when": when, "answer": "x"}, ()), WIDE) is holds


@pytest.mark.parametrize(
    "when", [{"header": {}}, {"header": "x"}, {"header": {"a": 1}}, {"images": -1}, {"images": True}]
)
def test_conditions_that_make_no_sense(when: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="expected"):
        read_rule({"when": when, "answer": "x"}, ())


def test_upper_case_is_lower_case_with_a_sigma_at_the_end_too() -> None:
    for wanted, said in (("ΟΔΟΣ", "Which οδος?"), ("οδος", "WHICH ΟΔΟΣ?")):
        assert matches(Rule({"text": wanted}, {"text": "x"}), Question("m", (Turn("user", said),)))
