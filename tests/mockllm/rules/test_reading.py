from typing import Any

import pytest

from mockllm.rules import Rule, RuleError, read_rule, read_rules


def test_a_whole_document() -> None:
    document = {
        "rules": [
            {"when": {"text": "hello", "turn": 1}, "answer": "Hi!"},
            {"answer": {"fault": "rate_limit*2", "ttft": 500}},
        ]
    }
    assert read_rules(document) == (
        Rule({"text": "hello", "turn": 1}, {"text": "Hi!"}),
        Rule({}, {"fault": "rate_limit*2", "ttft": 500}),
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "rules: expected a mapping with rules, got nothing"),
        ([], "rules: expected a mapping with rules, got a list of 0"),
        ({"rulez": []}, "rulez: unknown key; did you mean 'rules'?"),
        ({"rules": {}}, "rules: expected a list of at most 10000 rules, got a mapping"),
        ({"rules": ["Hi"]}, "rules[0]: expected a mapping with when or answer, got 'Hi'"),
        ({"rules": [{"when": {}}]}, "rules[0]: expected an answer: a text, or knobs such as"),
        ({"rules": [{"answer": {}}]}, "rules[0].answer: expected at least one knob"),
        ({"rules": [{"answer": 3}]}, "rules[0].answer: expected a mapping with profile"),
        ({"rules": [{"answer": {"txt": "a"}}]}, "rules[0].answer.txt: unknown key; did you mean 'text'?"),
        ({"rules": [{"answer": {"ttft": "a"}}]}, "rules[0].answer.ttft: expected milliseconds from 0"),
        ({"rules": [{"answer": {"fault": "boom"}}]}, "rules[0].answer.fault: 'boom' is not a fault"),
        ({"rules": [{"when": {"txt": "a"}, "answer": "b"}]}, "rules[0].when.txt: unknown key; did you mean"),
        ({"rules": [{"when": {"text": ""}, "answer": "b"}]}, "rules[0].when.text: expected a text of at"),
        ({"rules": [{"when": {"turn": True}, "answer": "b"}]}, "rules[0].when.turn: expected a whole number"),
        ({"rules": [{"when": {"regex": "("}, "answer": "b"}]}, "rules[0].when.regex: not a regular expression"),
        ({"rules": [{"when": [], "answer": "b", "then": 1}]}, "rules[0].then: unknown key"),
        ({"rules": [{"answer": "b", "times": 2}]}, "rules[0].times: unknown key; expected when or answer"),
    ],
)  # fmt: skip
def test_mistakes(document: Any, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_rules(document)
    assert str(caught.value).startswith(message)


def test_only_a_counted_rule_has_times() -> None:
    assert read_rule({"answer": "a", "times": 2}, (), counted=True) == Rule({}, {"text": "a"}, times=2)
    with pytest.raises(RuleError, match="times: expected a whole number from 1"):
        read_rule({"answer": "a", "times": 0}, (), counted=True)


@pytest.mark.parametrize("pattern", ["(", r"(?P=x)", r"a\Z", "(?:(?:a{1000}){1000}){1000}", "a" * 5000])
def test_what_is_no_expression_that_can_be_tried_is_refused(pattern: str) -> None:
    with pytest.raises(RuleError, match=r"^when\.regex: (not a|expected an?) "):
        read_rule({"when": {"regex": pattern}, "answer": "x"}, ())
