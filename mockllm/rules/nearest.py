"""A request that no rule answers: the words for it, and the rule that comes nearest. Pure."""

from collections.abc import Sequence

from mockllm.rules.rule import CONDITIONS, Question, Rule
from mockllm.values import shown

_SHOWN_CHARACTERS = 80


def unanswered(rules: Sequence[tuple[str, Rule]], asked: Question) -> str:
    """Tell what came and what the nearest of the named rules misses."""
    text = asked.text if len(asked.text) <= _SHOWN_CHARACTERS else f"{asked.text[:_SHOWN_CHARACTERS]}..."
    came = f"no rule answers this request (model {shown(asked.model)}, turn {asked.turn}, text {shown(text)})"
    if not rules:
        return f"{came}, and there are no rules"
    name, rule = min(rules, key=lambda named: len(missed(named[1], asked)))
    lacks = " and ".join(f"{each} {shown(rule.when[each])}" for each in missed(rule, asked))
    if not lacks:
        why = "is used up" if rule.times else "calls tools and must name the result that it answers"
        return f"{came}; the nearest, {name}, {why}"
    return f"{came}; the nearest, {name}, wants {lacks}"


def missed(rule: Rule, asked: Question) -> list[str]:
    """List the conditions of a rule that do not hold."""
    return [name for name, wanted in rule.when.items() if not CONDITIONS[name](asked, wanted)]
