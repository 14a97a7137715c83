"""Plain values, as YAML and JSON give them, to rules; a mistake is told with its place. Pure."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mockllm.rules.knobs import KNOBS, Knobs
from mockllm.rules.mistakes import Path, RuleError, check_characters
from mockllm.rules.rule import CONDITIONS, Rule
from mockllm.rules.templates import TEMPLATE, check_template
from mockllm.text import PatternError, check_pattern
from mockllm.timing import PROFILES
from mockllm.values import shown

_MAX_RULES_IN_FILE = 10_000
MAX_STEPS = 1000
_MAX_TIMES = 1_000_000
_BLANK = Knobs(PROFILES["instant"], seed=0)


def read_rules(document: Any) -> tuple[Rule, ...]:
    """Read a document `{"rules": [...]}`. Raises RuleError for the first mistake."""
    _check_keys(document, (), ("rules",))
    rules = document.get("rules")
    if not isinstance(rules, list) or len(rules) > _MAX_RULES_IN_FILE:
        raise RuleError(
            ("rules",), f"expected a list of at most {_MAX_RULES_IN_FILE} rules, got {_shown(rules)}"
        )
    return tuple(read_rule(rule, ("rules", index)) for index, rule in enumerate(rules))


def read_rule(value: Any, path: Path, *, counted: bool = False) -> Rule:
    """Read one rule; only a counted one may say how many requests it is for. Raises RuleError."""
    check_characters(value, path)
    _check_keys(value, path, ("when", "answer", "times") if counted else ("when", "answer"))
    when = value.get("when") or {}
    _check_keys(when, (*path, "when"), tuple(CONDITIONS))
    for name, wanted in when.items():
        _check_condition(name, wanted, (*path, "when", name))
    times = value.get("times")
    if times is not None and not _is_count(times, _MAX_TIMES):
        raise RuleError(
            (*path, "times"), f"expected a whole number from 1 to {_MAX_TIMES}, got {shown(times)}"
        )
    first, *rest = _answers(value, path)
    return Rule(when, first, times, tuple(rest))


def _answers(value: Mapping[str, Any], path: Path) -> list[dict[str, Any]]:
    path = (*path, "answer")
    if "answer" not in value:
        raise RuleError(path[:-1], "expected an answer: a text, or knobs such as {text: ..., ttft: 500}")
    answer = value["answer"]
    if not isinstance(answer, list):
        return [_answer(answer, path)]
    if not 1 <= len(answer) <= MAX_STEPS:
        raise RuleError(path, f"expected from 1 to {MAX_STEPS} answers, one after another, got {len(answer)}")
    return [_answer(step, (*path, index)) for index, step in enumerate(answer)]


def _answer(answer: Any, path: Path) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"text": answer}
    _check_keys(answer, path, (*KNOBS, TEMPLATE))
    if not answer.keys() - {TEMPLATE}:
        raise RuleError(path, "expected at least one knob")
    for name, setting in answer.items():
        try:
            if name == TEMPLATE:
                check_template(answer)
            else:
                KNOBS[name](_BLANK, setting)
        except ValueError as error:
            raise RuleError((*path, name), str(error)) from error
    return dict(answer)


def _check_condition(name: str, wanted: Any, path: Path) -> None:
    if name == "turn":
        if not _is_count(wanted, 10_000):
            raise RuleError(path, f"expected a whole number from 1, got {_shown(wanted)}")
        return
    if name == "images":
        if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 0:
            raise RuleError(path, f"expected a whole number from 0, got {_shown(wanted)}")
        return
    if name == "header":
        pairs = list(wanted.items()) if isinstance(wanted, dict) else []
        if not pairs or not all(isinstance(each, str) for pair in pairs for each in pair):
            raise RuleError(path, f"expected names of headers with their values, got {_shown(wanted)}")
        return
    if not isinstance(wanted, str) or not wanted:
        raise RuleError(path, f"expected a text of at least one character, got {_shown(wanted)}")
    if name == "regex":
        _check_regex(wanted, path)


def _check_regex(wanted: str, path: Path) -> None:
    try:
        check_pattern(wanted)
    except PatternError as error:
        raise RuleError(path, str(error)) from error


def _check_keys(value: Any, path: Path, known: Sequence[str]) -> None:
    if not isinstance(value, dict):
        raise RuleError(path, f"expected a mapping with {_listed(known)}, got {_shown(value)}")
    for key in value:
        if key not in known:
            raise RuleError((*path, key), f"unknown key{_guess(key, known)}", in_key=True)


def _guess(key: Any, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(key), known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; expected {_listed(known)}"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


_KINDS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "nothing",
    dict: lambda _: "a mapping",
    list: lambda value: f"a list of {len(value)}",
}


def _shown(value: Any) -> str:
    return _KINDS.get(type(value), lambda other: shown(other)[:80])(value)
