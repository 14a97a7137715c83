"""Answers that repeat what was asked: Jinja's templates in the words of a rule. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from mockllm.rules.rule import Question, Rule
from mockllm.values import ApiError, shown

TEMPLATE = "template"
"""The key of an answer by which its words are templates."""
NAMES = ("text", "system", "model", "turn", "headers", "tools", "results", "images")
"""What a template may name."""

_WORDS = ("text", "reasoning", "refusal", "calls")
_jinja = SandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)
# Nothing that is drawn: the same request gets the same words.
_jinja.globals = {"range": _jinja.globals["range"]}
del _jinja.filters["random"]


def check_template(answer: Mapping[str, Any]) -> None:
    """Look at the templates of an answer. Raises ValueError for a mistake, such as an unknown name."""
    if not isinstance(answer[TEMPLATE], bool):
        raise ValueError(f"expected true or false, got {shown(answer[TEMPLATE])}")  # noqa: TRY004 - one error type
    for words in _texts([answer.get(name) for name in _WORDS] if answer[TEMPLATE] else []):
        try:
            unknown = meta.find_undeclared_variables(_jinja.parse(words)) - set(NAMES)
        except TemplateError as error:
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
        return replace(
            rule,
            answer={**answer, **{name: _filled(answer[name], names) for name in _WORDS if name in answer}},
        )
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise ApiError(400, f"The template of a rule failed: {error}", code="invalid_template") from error


def _filled(value: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _jinja.from_string(value).render(names)
    if isinstance(value, dict):
        return {key: _filled(each, names) for key, each in value.items()}
    return [_filled(each, names) for each in value] if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(each)
