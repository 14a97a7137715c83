"""Answers of one's own: rules that turn knobs for the requests they match."""

from mockllm.rules.book import RuleBook
from mockllm.rules.knob_names import turn_by_knobs, turn_by_name
from mockllm.rules.knobs import MAX_TOKENS, Knobs, turn_by_object
from mockllm.rules.mistakes import RuleError
from mockllm.rules.reading import read_rule, read_rules
from mockllm.rules.rule import (
    SCRIPTED,
    Purpose,
    Question,
    Rule,
    first_match,
    matches,
    missed,
    turn_by_rule,
)
from mockllm.rules.rule_file import RuleFile, RuleFileError, load_rules, parse_rules
from mockllm.rules.shared import MAX_BYTES, Chosen, SharedRules

__all__ = [
    "MAX_BYTES",
    "MAX_TOKENS",
    "SCRIPTED",
    "Chosen",
    "Knobs",
    "Purpose",
    "Question",
    "Rule",
    "RuleBook",
    "RuleError",
    "RuleFile",
    "RuleFileError",
    "SharedRules",
    "first_match",
    "load_rules",
    "matches",
    "missed",
    "parse_rules",
    "read_rule",
    "read_rules",
    "turn_by_knobs",
    "turn_by_name",
    "turn_by_object",
    "turn_by_rule",
]
