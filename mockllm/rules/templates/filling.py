"""Answers that repeat what was asked: Jinja's templates in the words of a rule. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jinja2 import TemplateError, meta

from mockllm.rules.knobs import Knobs
from mockllm.rules.mistakes import RuleError, check_characters
from mockllm.rules.rule import Question, Rule, turn_by_rule
from mockllm.rules.templates.sandbox import Sandbox
from mockllm.timing import PROFILES
from mockllm.values import ApiError, shown

TEMPLATE = "template"
"""The key of an answer by which its words are templates."""
NAMES = ("text", "system", "model", "turn", "headers", "tools", "results", "images")
"""What a template may name."""

_WORDS = ("text", "reasoning", "refusal", "calls")
_BLANK = Knobs(PROFILES["instant"], seed=0)
_sandbox = Sandbox()


def check_template(answer: Mapping[str, Any]) -> None:
    """Look at the templates of an answer. Raises ValueError for a mistake, such as an unknown name."""
    if not isinstance(answer[TEMPLATE], bool):
        raise ValueError(f"expected true or false, got {shown(answer[TEMPLATE])}")  # noqa: TRY004 - one error type
    for words in _texts([answer.get(name) for name in _WORDS] if answer[TEMPLATE] else []):
        try:
            unknown = meta.find_undeclared_variables(_sandbox.parse(words)) - set(NAMES)
        except (TemplateError, RecursionError) as error:
            raise ValueError(f"not a template: {error}") from error
        if unknown:
            raise ValueError(f"unknown name {shown(min(unknown))}; a template may name {', '.join(NAMES)}")


def rendered(rule: Rule, asked: Question) -> Rule:
    """Fill the templates of a rule. Raises ApiError for one that asks for what did not come."""
    answer = {name: value for name, value in rule.answer.items() if name != TEMPLATE}
    if not rule.answer.get(TEMPLATE):
        return replace(rule, answer=answer) if TEMPLATE in rule.answer else rule
    names = {
        "text": asked.text,
        "system": "\n".join(turn.text for turn in asked.turns if turn.role in ("system", "developer")),
        "model": asked.model,
        "turn": asked.turn,
        "headers": asked.headers,
        "tools": list(asked.tools),
        "results": [result.text for result in asked.results],
        "images": asked.images,
    }
    try:
        filled = {name: _filled(answer[name], names) for name in _WORDS if name in answer}
        check_characters(filled, ())
        written = replace(rule, answer={**answer, **filled})
        # Filled, a text may be none that a knob takes, such as a call without a name.
        turn_by_rule(_BLANK, written)
    except Exception as error:
        # What an expression makes of a value that it is not for is any error there is.
        told = error.problem if isinstance(error, RuleError) else str(error) or type(error).__name__
        raise ApiError(400, f"The template of a rule failed: {told}", code="invalid_template") from error
    return written


def _filled(value: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _sandbox.fill(value, names)
    if isinstance(value, dict):
        return {_filled(key, names): _filled(each, names) for key, each in value.items()}
    return [_filled(each, names) for each in value] if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    for each in parts if isinstance(parts, list) else ():
        yield from _texts(each)
