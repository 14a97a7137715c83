"""All rules of a server: those of its file, and those that a test has given it since it runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mockllm.rules.nearest import unanswered
from mockllm.rules.rule import Question, Rule, first_match
from mockllm.rules.rule_file import RuleFile
from mockllm.rules.shared import Database, SharedRules


class RuleBook:
    """Says which rules hold for a request. Raises RuleFileError for a file that is broken at the start."""

    def __init__(self, database: Database, path: str = "") -> None:
        self.given = SharedRules(database)
        self._file = RuleFile(Path(path)) if path else None

    def rules_for(self, asked: Question) -> Sequence[Rule]:
        """Return the rules whose knobs to turn, the strongest last; given ones replace those of the file."""
        given = self.given.take(asked)
        if any(not rule.is_only_fault for rule in given) or self._file is None:
            return given
        rule = first_match(self._file.rules, asked)
        return given if rule is None else (rule, *given)

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
