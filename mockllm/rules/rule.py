"""A rule: when a request is like this, turn these knobs. Pure."""

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from mockllm.rules.knobs import KNOBS, Knobs
from mockllm.text import PatternError, folded, found
from mockllm.values import Turn, latest_words

Purpose = Literal["answer", "embedding", "other"]
"""What a request wants, as far as a rule can decide on it: nothing, if it counts tokens or the like."""

_ENDLESS = 2**62
SCRIPTED = frozenset({"text", "calls", "refusal", "search", "reasoning"})
"""The knobs that say what an answer is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a request must be like, by the names of `CONDITIONS`, and the knobs it then gets, by theirs.

    A rule with `times` holds for so many requests. One that goes `on` answers the requests after the first
    with these in turn, and all further ones with the last. Who gives it out counts them; `step` is where in
    its answers it is.
    """

    when: Mapping[str, Any]
    answer: Mapping[str, Any]
    times: int | None = None
    on: tuple[Mapping[str, Any], ...] = ()
    step: int = 0

    @property
    def answers(self) -> tuple[Mapping[str, Any], ...]:
        return (self.answer, *self.on)

    @property
    def is_only_fault(self) -> bool:
        """Whether it leaves the answer to others and only spoils it."""
        return all(set(answer) == {"fault"} for answer in self.answers)

    @property
    def gives(self) -> frozenset[str]:
        """The knobs that its answers turn."""
        return frozenset(name for answer in self.answers for name in answer)

    @property
    def is_used_up(self) -> bool:
        """Whether a request that it answers leaves less of it for the next."""
        return self.times is not None or bool(self.on)

    def at(self, used: int) -> "Rule":
        """Return the rule for a request when so many were answered before."""
        step = min(used, len(self.on))
        return replace(self, answer=self.answers[step], on=(), step=step) if self.on else self

    def span(self, used: int) -> tuple[int, int]:
        """Return from how many to how many answered requests on it answers as it does after so many."""
        most = _ENDLESS if self.times is None else self.times - 1
        return (used, used) if used < len(self.on) else (len(self.on), most)


@dataclass(frozen=True)
class Question:
    """The side of a request that rules look at, all of them; the names of its headers are in lower case."""

    model: str
    turns: Sequence[Turn]
    headers: Mapping[str, str] = field(default_factory=dict)
    tools: Sequence[str] = ()
    form: str = "text"

    @cached_property
    def text(self) -> str:
        """The latest words of the user."""
        return latest_words(self.turns)

    @cached_property
    def small_text(self) -> str:
        return folded(self.text)

    @cached_property
    def small_system(self) -> str:
        told = (turn.text for turn in self.turns if turn.role in ("system", "developer"))
        return folded("\n".join(told))

    @property
    def turn(self) -> int:
        """How often the user has spoken."""
        return sum(turn.role == "user" for turn in self.turns)

    @property
    def images(self) -> int:
        """How many pictures the user sent with the latest words."""
        latest = next((turn for turn in reversed(self.turns) if turn.role == "user"), None)
        return sum(each.kind == "image" for each in latest.attachments) if latest else 0

    @property
    def results(self) -> Sequence[Turn]:
        """What tools have just said, if nobody spoke since."""
        results: list[Turn] = []
        for turn in reversed(self.turns):
            if turn.role not in ("tool", "function"):
                break
            results.append(turn)
        return results


def _has_headers(headers: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(fnmatch.fnmatchcase(headers.get(name.lower(), ""), like) for name, like in wanted.items())


CONDITIONS: dict[str, Callable[[Question, Any], bool]] = {
    "text": lambda asked, wanted: folded(wanted) in asked.small_text,
    "regex": lambda asked, wanted: found(wanted, asked.text),
    "model": lambda asked, wanted: fnmatch.fnmatchcase(asked.model, wanted),
    "system": lambda asked, wanted: folded(wanted) in asked.small_system,
    "turn": lambda asked, wanted: asked.turn == wanted,
    "tool": lambda asked, wanted: any(result.answers == wanted for result in asked.results),
    "tool_result": lambda asked, wanted: any(
        folded(wanted) in folded(result.text) for result in asked.results
    ),
    "header": lambda asked, wanted: _has_headers(asked.headers, wanted),
    "offers": lambda asked, wanted: wanted in asked.tools,
    "images": lambda asked, wanted: asked.images == wanted,
    "response_format": lambda asked, wanted: asked.form == wanted,
}


def matches(rule: Rule, asked: Question) -> bool:
    """Whether all conditions of a rule hold. Raises PatternError for a text that would take too long to try.

    After a tool's result a rule that calls tools holds only if it asks for that result: else it would
    answer each result with the same call, for ever.
    """
    if asked.results and rule.answers[-1].get("calls") and not {"tool", "tool_result"} & rule.when.keys():
        return False
    return all(CONDITIONS[name](asked, wanted) for name, wanted in rule.when.items())


def missed(rule: Rule, asked: Question) -> list[str]:
    """List the conditions of a rule that do not hold, or that would take too long to try."""
    return [name for name, wanted in rule.when.items() if not _holds(name, wanted, asked)]


def _holds(name: str, wanted: Any, asked: Question) -> bool:
    try:
        return CONDITIONS[name](asked, wanted)
    except PatternError:
        return False


def serves(rule: Rule, purpose: Purpose) -> bool:
    """Whether a rule has to do with such a request; what it scripts is not used up by any other."""
    if rule.is_only_fault:
        return True
    if purpose == "answer":
        return "embedding" not in rule.gives or not SCRIPTED.isdisjoint(rule.gives)
    if purpose == "embedding" and "embedding" in rule.gives:
        return True
    return not rule.is_used_up and SCRIPTED.isdisjoint(rule.gives) and "embedding" not in rule.gives


def first_match(rules: Iterable[Rule], asked: Question, purpose: Purpose = "answer") -> Rule | None:
    return next((rule for rule in rules if serves(rule, purpose) and matches(rule, asked)), None)


def turn_by_rule(knobs: Knobs, rule: Rule) -> Knobs:
    """Turn the knobs of a rule, whose values were checked when it was read."""
    for name, turn in KNOBS.items():
        if name in rule.answer:
            knobs = turn(knobs, rule.answer[name])
    return knobs
