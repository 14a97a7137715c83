import os
from pathlib import Path
from typing import Any

import pytest

from mockllm.journal import Store
from mockllm.rules import Question, Rule, RuleError
from mockllm.rules.shared import MAX_GIVEN_RULES, SharedRules, use
from mockllm.values.conversation import Turn

HELLO = Question("mock", (Turn("user", "hello"),))


def answer(text: str, **more: Any) -> dict[str, Any]:
    return {"answer": {"text": text}, **more}


def taken(rules: SharedRules, asked: Question) -> list[Rule]:
    """Choose until what was chosen is still there to be used."""
    while not use(rules.database, chosen := rules.choose(asked)):
        pass
    return [each.rule for each in chosen]


def said(rules: SharedRules, asked: Question = HELLO) -> list[dict[str, Any]]:
    return [dict(rule.answer) for rule in taken(rules, asked)]


def test_no_rules_no_answer() -> None:
    assert said(SharedRules(Store())) == []


def test_the_latest_uncounted_rule_that_matches_answers() -> None:
    rules = SharedRules(Store())
    rules.add(answer("default"))
    rules.add(answer("about hello", when={"text": "hello"}))
    rules.add(answer("about rain", when={"text": "rain"}))
    assert said(rules) == [{"text": "about hello"}]


def test_counted_rules_come_first_and_in_order() -> None:
    rules = SharedRules(Store())
    for rule in (answer("always"), answer("first", times=1), answer("then", times=2)):
        rules.add(rule)
    assert [said(rules)[0]["text"] for _ in range(5)] == ["first", "then", "then", "always", "always"]


def test_a_fault_leaves_the_answer_to_the_others() -> None:
    rules = SharedRules(Store())
    rules.add({"answer": {"fault": "rate_limit"}, "times": 1})
    rules.add({"answer": {"fault": "reset@3"}, "times": 1})
    rules.add(answer("Hi"))
    assert said(rules) == [{"text": "Hi"}, {"fault": "rate_limit"}]
    assert said(rules) == [{"text": "Hi"}, {"fault": "reset@3"}]
    assert said(rules) == [{"text": "Hi"}]


def test_they_are_listed_with_their_uses_and_forgotten() -> None:
    rules = SharedRules(Store())
    rules.add(answer("Hi", when={"turn": 1}))
    said(rules)
    said(rules)
    assert rules.listed() == [{"when": {"turn": 1}, "answer": {"text": "Hi"}, "used": 2}]
    rules.clear()
    assert (rules.listed(), said(rules)) == ([], [])
    rules.add(answer("Hi again"))
    assert rules.listed()[0]["used"] == 0


def test_a_mistake_is_refused_and_changes_nothing() -> None:
    rules = SharedRules(Store())
    with pytest.raises(RuleError, match="did you mean 'when'"):
        rules.add({"wen": {}, "answer": "x"})
    assert rules.listed() == []


def test_there_is_an_end_to_it() -> None:
    rules = SharedRules(Store())
    with pytest.raises(RuleError, match="expected at most 1000 rules and 4194304 bytes"):
        rules.add(answer("x" * 5_000_000))
    for _ in range(MAX_GIVEN_RULES):
        rules.add(answer("x"))
    with pytest.raises(RuleError, match="expected at most 1000 rules"):
        rules.add(answer("x"))


def test_what_others_took_in_between_is_not_used_twice() -> None:
    rules = SharedRules(Store())
    rules.add({"answer": ["one", "two"]})
    rules.add({"answer": {"fault": "rate_limit"}, "times": 2})
    mine, yours = rules.choose(HELLO), rules.choose(HELLO)
    assert use(rules.database, yours)
    assert not use(rules.database, mine)
    # Nothing of it, though the fault was there to be used.
    assert [rule["used"] for rule in rules.listed()] == [1, 1]


def test_forks_share_them(tmp_path: Path) -> None:
    rules = SharedRules(Store(str(tmp_path / "state")))
    rules.add(answer("twice", times=2))
    children = []
    for _ in range(4):
        if (pid := os.fork()) == 0:
            os._exit(len(taken(rules, HELLO)))
        children.append(pid)
    assert sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children) == 2
    assert taken(rules, HELLO) == []
    if (pid := os.fork()) == 0:
        rules.add(answer("from the child"))
        os._exit(0)
    os.waitpid(pid, 0)
    assert taken(rules, HELLO) == [Rule({}, {"text": "from the child"})]
