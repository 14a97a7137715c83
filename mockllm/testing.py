"""MockLLM: what a test says to the running mock, and asks it."""

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from mockllm.api import ENDPOINTS
from mockllm.errors import ApiError
from mockllm.rules import CONDITIONS, Question, Rule, RuleError, matches, read_rule

_PAGE = 1000
_LOOK_AGAIN_SECONDS = 0.02
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
        endpoint = ENDPOINTS.get(self.path)
        if endpoint is None or not isinstance(self.body, dict):
            return None
        try:
            asked = endpoint.parse(json.dumps(self.body).encode())
            return Question(asked.model, endpoint.turns(asked))
        except ApiError:
            return None

    @property
    def text(self) -> str:
        """The latest words of the user."""
        question = self.question
        return question.text if question else ""


class MockLLM:
    """A running mock, seen from a test. What is set here holds until `reset`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._address = urlsplit(url).netloc

    @property
    def base_url(self) -> str:
        """The URL that an OpenAI client takes as its base."""
        return f"{self.url}/v1"

    @property
    def requests(self) -> list[Request]:
        """What came since the test began, in order, from whatever client."""
        found: list[Request] = []
        after = 0
        while True:
            page = self._call("GET", f"/mock/requests?limit={_PAGE}&after={after}&times=false")
            found += map(_request, page["requests"])
            if page["next"] is None:
                return found
            after = page["next"]

    def answer_with(
        self,
        text: str | None = None,
        *,
        when: Mapping[str, Any] | None = None,
        times: int | None = None,
        **knobs: Any,
    ) -> None:
        """Answer the requests that are like `when`, or all, with this text or as these knobs say.

        Counted answers come first, in the order they were given; then the latest of the others that matches.
        Raises ValueError for a condition or knob that does not exist or makes no sense.
        """
        answer = knobs if text is None else {"text": text, **knobs}
        self._give({"answer": answer}, when, times)

    def fail_with(
        self, fault: str, *, when: Mapping[str, Any] | None = None, times: int | None = None
    ) -> None:
        """Let a fault such as `rate_limit:10` or `reset@20` strike so many of these requests, or all.

        Several counted faults strike in the order they were given. Raises ValueError for what is no fault.
        """
        self._give({"answer": {"fault": fault}}, when, times)

    def expect_request(
        self, when: Mapping[str, Any] | None = None, *, times: int | None = None, within_seconds: float = 0.0
    ) -> list[Request]:
        """Return the requests that are like `when`: at least one, or exactly so many.

        Waits for them as long as it may. Raises AssertionError that shows what came instead, and ValueError
        for a condition that does not exist.
        """
        rule = _checked({"when": dict(when or {}), "answer": "-"})
        deadline = time.monotonic() + within_seconds
        while True:
            came = self.requests
            found = [request for request in came if _is_like(request, rule)]
            is_enough = found if times is None else len(found) == times
            if is_enough or (times is not None and len(found) > times):
                break
            if time.monotonic() >= deadline:
                break
            time.sleep(_LOOK_AGAIN_SECONDS)
        if not is_enough:
            raise AssertionError(_story(rule, times, len(found), came, self.base_url))
        return found

    def reset(self) -> None:
        """Forget all answers and faults that were given, and all requests that came."""
        self._call("POST", "/mock/reset")

    def _give(self, rule: dict[str, Any], when: Mapping[str, Any] | None, times: int | None) -> None:
        if when:
            rule["when"] = dict(when)
        if times is not None:
            rule["times"] = times
        _checked(rule)
        self._call("POST", "/mock/rules", rule)

    def _call(self, method: str, path: str, content: Any = None) -> Any:
        # Not urllib: it would ask the proxy that the environment names.
        connection = http.client.HTTPConnection(self._address, timeout=10)
        try:
            connection.request(method, path, None if content is None else json.dumps(content))
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {body.decode(errors='replace')}")
        return json.loads(body) if body else None


def _checked(rule: dict[str, Any]) -> Rule:
    try:
        return read_rule(rule, (), counted=True)
    except RuleError as error:
        raise ValueError(str(error)) from error


def _request(entry: Mapping[str, Any]) -> Request:
    names = ("method", "path", "model", "body", "headers", "status", "fault", "answer", "request_id")
    return Request(**{name: entry[name] for name in names}, entry=entry)


def _is_like(request: Request, rule: Rule) -> bool:
    question = request.question
    return not rule.when if question is None else matches(rule, question)


def _story(rule: Rule, times: int | None, found: int, came: Sequence[Request], base_url: str) -> str:
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
    missed = [
        name for name, value in rule.when.items() if not question or not CONDITIONS[name](question, value)
    ]
    return f"{line} (not its {', '.join(missed)})" if missed else f"{line} (matched)"
