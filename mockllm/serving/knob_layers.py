"""What decides how one request is answered: configuration, rules, model name and body, the strongest last."""

import fnmatch
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mockllm.api import read_body
from mockllm.rules import Knobs, Question, Rule, turn_by_knobs, turn_by_name, turn_by_object, turn_by_rule
from mockllm.serving.settings import Settings
from mockllm.timing import PROFILES, at_speed
from mockllm.values import ApiError, Reply


def turn_knobs(
    model: str,
    mock: dict[str, Any] | None,
    seed: int | None,
    settings: Settings,
    rules: Iterable[Rule] = (),
    in_path: str = "",
) -> Knobs:
    """Lay the request's knobs over the configuration's and its rules', the strongest last."""
    knobs = Knobs(PROFILES[settings.profile], settings.seed)
    if settings.knobs:
        knobs = turn_by_knobs(knobs, settings.knobs)
    for rule in rules:
        knobs = turn_by_rule(knobs, rule)
    if seed is not None:
        knobs = replace(knobs, seed=seed)
    if in_path:
        knobs = turn_by_knobs(knobs, in_path)
    knobs = turn_by_name(knobs, model)
    if mock:
        knobs = turn_by_object(knobs, mock)
    return replace(knobs, pace=at_speed(knobs.pace, settings.speed))


def are_knobs(text: str) -> bool:
    """Whether a text names knobs as a model name does behind `mock-`."""
    try:
        turn_by_knobs(Knobs(PROFILES["instant"], seed=0), text)
    except ApiError:
        return False
    return True


def asked_dialect(body: bytes, settings: Settings, in_path: str) -> str:
    """Return the dialect in which a body asks to be refused, as far as that can be told of one that is."""
    try:
        given = read_body(body)
    except ApiError:
        given = None
    said = given if isinstance(given, dict) else {}
    model, mock = said.get("model"), said.get("mock")
    knobs = {"dialect": mock.get("dialect")} if isinstance(mock, dict) else None
    for asked in ((model, knobs), (model, None), ("", knobs), ("", None)):
        try:
            name = asked[0] if isinstance(asked[0], str) else ""
            return turn_knobs(name, asked[1], None, settings, (), in_path).dialect
        except ApiError:
            # What is refused may be a knob; the others are heard all the same.
            continue
    return ""


def is_scripted(knobs: Knobs, asked: Question) -> bool:
    """Whether the knobs say what the answer is: a number of calls does where there is a tool to call."""
    may_call = isinstance(knobs.calls, tuple) or bool(asked.tools and not asked.results)
    is_called = may_call and bool(knobs.calls)
    return is_called or any(each is not None for each in (knobs.text, knobs.refusal, knobs.search))


def lets_words_through(struck: Reply) -> bool:
    """Whether a token of the answer comes to the client, whatever a fault makes of the rest."""
    return not isinstance(struck.sends, list) or any(send.token is not None for send in struck.sends)


def check_model(model: str, settings: Settings) -> None:
    """Refuse a model that the operator did not list, if there is a list."""
    if not _is_allowed(model, settings):
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise ApiError(404, message, code="model_not_found")


def listed_models(settings: Settings) -> list[str]:
    """Name models that are accepted: those that the operator listed by name, and the mock's own."""
    own = ["mock", *(f"mock-{name}" for name in PROFILES)]
    named = [pattern for pattern in _patterns(settings) if not set("*?[") & set(pattern)]
    return [name for name in dict.fromkeys([*named, *own]) if _is_allowed(name, settings)]


def _is_allowed(model: str, settings: Settings) -> bool:
    patterns = _patterns(settings)
    return not patterns or any(fnmatch.fnmatchcase(model, pattern) for pattern in patterns)


def _patterns(settings: Settings) -> list[str]:
    return [pattern.strip() for pattern in settings.models.split(",") if pattern.strip()]
