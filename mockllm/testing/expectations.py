"""The requests that came, as a test sees them, and the words for one that did not come. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mockllm.api import endpoint_of, traits_of
from mockllm.rules import Question, Rule, matches, missed
from mockllm.values import ApiError, Turn

_SHOWN_REQUESTS = 10
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Request:
    """A request that came to the mock, and what became of it; `entry` is all that the journal says of it."""

    method: str
    path: str
    model: str
    body: Any
    headers: Mapping[str, str]
    status: int
    fault: str
    answer: str
    request_id: str
    entry: Mapping[str, Any] = field(repr=False)

    @property
    def question(self) -> Question | None:
        """The side of it that rules look at; None if the request made no sense."""
        endpoint = endpoint_of(self.path)
        if endpoint is None or not isinstance(self.body, dict):
            return None
        try:
            asked = endpoint.parse(self.body)
            headers = {name.lower(): value for name, value in self.headers.items()}
            # What the body only refers to is known to the server alone.
            recalled = self.entry.get("recalled")
            turns = msgspec.convert(recalled, list[Turn]) if recalled else endpoint.turns(asked)
            return Question(asked.model, turns, headers, *traits_of(self.body))
        except ApiError:
            return None

    @property
    def text(self) -> str:
        """The latest words of the user."""
        question = self.question
        return question.text if question else ""


def request_of(entry: Mapping[str, Any]) -> Request:
    names = ("method", "path", "model", "body", "headers", "status", "fault", "answer", "request_id")
    return Request(**{name: entry[name] for name in names}, entry=entry)


def is_like(request: Request, rule: Rule) -> bool:
    question = request.question
    return not rule.when if question is None else matches(rule, question)


def story(rule: Rule, times: int | None, found: int, came: Sequence[Request], base_url: str) -> str:
    wanted = "a request" if times is None else f"{times} request{'' if times == 1 else 's'}"
    like = " and ".join(f"{name} {value!r}" for name, value in rule.when.items())
    told = f"expected {wanted}{f' with {like}' if like else ''}, "
    if not came:
        return f"{told}but no request came at all; does the client use base_url={base_url!r}?"
    lines = [f"{told}but of {len(came)} that came {found or 'none'} matched:"]
    lines += [f"  {_line(request, rule)}" for request in came[-_SHOWN_REQUESTS:]]
    if len(came) > _SHOWN_REQUESTS:
        lines.insert(1, f"  ({len(came) - _SHOWN_REQUESTS} earlier ones)")
    return "\n".join(lines)


def _line(request: Request, rule: Rule) -> str:
    text = request.text
    shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
    fault = f", fault {request.fault}" if request.fault else ""
    line = f"{request.method} {request.path} {request.model} -> {request.status}{fault}: {shown!r}"
    question = request.question
    lacks = missed(rule, question) if question else rule.when
    return f"{line} (not its {', '.join(lacks)})" if lacks else f"{line} (matched)"
