"""All rules of a server: those of its file, and those that a test has given it since it runs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mockllm.rules.rule import Purpose, Question, Rule, first_match, missed
from mockllm.rules.rule_file import RuleFile
from mockllm.rules.shared import Chosen, Database, SharedRules, Steps, use
from mockllm.rules.templates import rendered
from mockllm.values import shown

_SHOWN_CHARACTERS = 80


class RuleBook:
    """Says which rules hold for a request. Raises RuleFileError for a file that is broken at the start."""

    def __init__(self, database: Database, path: str = "") -> None:
        self._database = database
        self.given = SharedRules(database)
        self._steps = Steps(database)
        self._file = RuleFile(Path(path)) if path else None

    def rules_for(self, asked: Question, purpose: Purpose = "answer") -> Sequence[Chosen]:
        """Choose the rules whose knobs to turn, the strongest last; given ones replace those of the file.

        A request that gets what they say is counted by `use`; one that is refused uses nothing up.
        """
        chosen = self._matching(asked, purpose)
        return [each._replace(rule=rendered(each.rule, asked)) for each in chosen]

    def use(self, chosen: Iterable[Chosen]) -> bool:
        """Count a request on its rules; False, and nothing is counted, if others used one up in between."""
        return use(self._database, chosen)

    def _matching(self, asked: Question, purpose: Purpose) -> Sequence[Chosen]:
        given = self.given.choose(asked, purpose)
        if any(not each.rule.is_only_fault for each in given) or self._file is None:
            return given
        rule = first_match(self._file.rules, asked, purpose)
        return given if rule is None else (self._steps.choose(rule, asked), *given)

    def clear(self) -> None:
        """Forget the rules that tests gave, and how often those of the file were used."""
        self.given.clear()
        self._steps.clear()

    def unanswered(self, asked: Question) -> str:
        """Tell what a request that no rule answers would have needed."""
        given = [
            (f"answer {place} of those given", rule) for place, rule in enumerate(self.given.rules(), start=1)
        ]
        filed = self._file.rules if self._file else ()
        named = [*given, *((f"rules[{index}]", rule) for index, rule in enumerate(filed))]
        return unanswered([(name, rule) for name, rule in named if not rule.is_only_fault], asked)

    def health(self) -> dict[str, Any]:
        """Say how the file is, for those who ask after the server's health."""
        if self._file is None:
            return {}
        rules = self._file.rules
        return {"rules": {"file": str(self._file.path), "count": len(rules), "problem": self._file.problem}}


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
