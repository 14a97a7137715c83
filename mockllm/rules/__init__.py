"""Answers of one's own: rules that turn knobs for the requests they match."""

from mockllm.rules.book import RuleBook
from mockllm.rules.reading import RuleError, read_rule, read_rules
from mockllm.rules.rule import CONDITIONS, Question, Rule, first_match, matches, turn_by_rule
from mockllm.rules.rule_file import RuleFile, RuleFileError, load_rules, parse_rules

__all__ = [
    "CONDITIONS",
    "Question",
    "Rule",
    "RuleBook",
    "RuleError",
    "RuleFile",
    "RuleFileError",
    "first_match",
    "load_rules",
    "matches",
    "parse_rules",
    "read_rule",
    "read_rules",
    "turn_by_rule",
]
