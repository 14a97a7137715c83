"""MockLLM: what a test says to the running mock, and asks it."""

import glob
import http.client
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from mockllm.rules import Rule, RuleError, read_rule
from mockllm.testing.expectations import Request, is_like, request_of, story

__all__ = ["MockLLM", "Request"]

_PAGE = 1000
_TEST_HEADER = "X-Mock-Test"
_LOOK_AGAIN_SECONDS = 0.02
# What any client can send in a header.
_SENT_AS_IS = "".join(map(chr, range(0x21, 0x7F)))


class MockLLM:
    """A running mock, seen from a test. What is set here holds until `reset`."""

    def __init__(self, url: str, test: str = "") -> None:
        self.url = url
        self._test = test
        self._address = urlsplit(url).netloc

    def for_test(self, test: str = "") -> "MockLLM":
        """Return a view of the server for one of several tests at once: what it gives and sees is its own.

        The test's client must send `headers`. Without a name it gets one that nobody else has.
        """
        return MockLLM(self.url, quote(test, safe=_SENT_AS_IS) or uuid.uuid4().hex)

    @property
    def headers(self) -> dict[str, str]:
        """What a client sends so that its requests belong to this view: nothing, unless it is a test's."""
        return {_TEST_HEADER: self._test} if self._test else {}

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
            found += map(request_of, page["requests"])
            if page["next"] is None:
                return [request for request in found if self._is_mine(request)]
            after = page["next"]

    def answer_with(
        self,
        text: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]] | None = None,
        *,
        when: Mapping[str, Any] | None = None,
        times: int | None = None,
        **knobs: Any,
    ) -> None:
        """Answer the requests that are like `when`, or all, with this text or as these knobs say.

        A mapping is an answer that is JSON: what the client parses is equal to it. Several are the answers to
        one request after another, the last to all that follow.

        Counted answers come first, in the order they were given; then the latest of the others that matches.
        Raises ValueError for a condition or knob that does not exist or makes no sense.
        """
        # A template is filled before JSON is made of it: what it is filled with may have quotes.
        words = _as_it_is if knobs.get("template") else _words
        if text is None:
            answer: Any = knobs
        elif isinstance(text, str | Mapping):
            answer = {"text": words(text), **knobs}
        else:
            answer = [{"text": words(each), **knobs} for each in text]
        self._give({"answer": answer}, when, times)

    def fail_with(
        self,
        fault: str | int,
        message: str = "",
        *,
        when: Mapping[str, Any] | None = None,
        times: int | None = None,
    ) -> None:
        """Let a fault such as `rate_limit:10` or `reset@20` strike so many of these requests, or all.

        A number is the status of a refusal, which says the message, if there is one, as named refusals do.
        Several counted faults strike in the order they were given. Raises ValueError for what is no fault.
        """
        named = f"status:{fault}" if isinstance(fault, int) else fault
        self._give({"answer": {"fault": f"{named}={message}" if message else named}}, when, times)

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
            found = [request for request in came if is_like(request, rule)]
            is_enough = bool(found) if times is None else len(found) == times
            # More than enough does not become less by waiting.
            is_decided = is_enough or len(found) > (times or 0)
            if is_decided or time.monotonic() >= deadline:
                break
            time.sleep(_LOOK_AGAIN_SECONDS)
        if not is_enough:
            raise AssertionError(story(rule, times, len(found), came, self.base_url))
        return found

    def reset(self) -> None:
        """Forget, for all tests, all answers and faults that were given, and all requests that came."""
        self._call("POST", "/mock/reset")

    def _give(self, rule: dict[str, Any], when: Mapping[str, Any] | None, times: int | None) -> None:
        if when or self._test:
            rule["when"] = self._when(when)
        if times is not None:
            rule["times"] = times
        _checked(rule)
        self._call("POST", "/mock/rules", rule)

    def _when(self, when: Mapping[str, Any] | None) -> dict[str, Any]:
        wanted = dict(when or {})
        if self._test:
            # A test's name may hold brackets, as that of a parametrized one does: here it is no pattern.
            wanted["header"] = {**wanted.get("header", {}), _TEST_HEADER: glob.escape(self._test)}
        return wanted

    def _is_mine(self, request: Request) -> bool:
        sent = {name.lower(): value for name, value in request.headers.items()}
        return not self._test or sent.get(_TEST_HEADER.lower()) == self._test

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


def _as_it_is(text: str | Mapping[str, Any]) -> Any:
    return text if isinstance(text, str) else dict(text)


def _words(text: str | Mapping[str, Any]) -> str:
    return text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)


def _checked(rule: dict[str, Any]) -> Rule:
    try:
        return read_rule(rule, (), counted=True)
    except RuleError as error:
        raise ValueError(str(error)) from error
