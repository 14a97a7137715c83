"""One request to an API: read once, decided upon, and its reply handed to the sender."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, g, request

from mockllm.api import (
    DEPLOYMENT,
    KNOBS,
    Endpoint,
    Stamp,
    check_strictly,
    identify,
    read_body,
    request_id,
    tier_of,
    traits_of,
    whole_number,
    with_model,
)
from mockllm.faults import Attempt, apply, settle
from mockllm.journal import Documents, Note, Recollection
from mockllm.rules import Knobs, Question, Rule, RuleBook
from mockllm.serving.access import check_key, key_of
from mockllm.serving.knob_layers import check_model, is_scripted, turn_knobs
from mockllm.serving.quota import Quota
from mockllm.serving.settings import Settings
from mockllm.text import PatternError
from mockllm.timing import Sender, with_rhythm
from mockllm.values import ApiError, Reply, digest

_MOST_RETRIES = 1_000_000
_TEST_HEADER = "X-Mock-Test"


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers requests from what the operator set, what tests gave, and what was kept."""

    settings: Settings
    sender: Sender
    quota: Quota
    book: RuleBook
    documents: Documents

    def begin(self) -> Note:
        """Note that a request came, and check its key. Raises ApiError."""
        self.sender.catch_up()
        note: Note = g.note
        note.body = with_model(request.get_data(), request.environ.get(DEPLOYMENT))
        note.started = time.monotonic()
        check_key(self.settings)
        return note

    def recall(self) -> Recollection:
        """Begin, and return what was kept for the test that asks, or for all who name none."""
        self.begin()
        return self._memory()

    def answer(self, endpoint: Endpoint) -> Response:
        """Plan the reply and send it. Raises ApiError for what is refused."""
        note = self.begin()
        given = read_body(note.body)
        if self.settings.strict:
            check_strictly(request.path, given)
        memory = self._memory()
        asked = endpoint.recall(endpoint.parse(given), given, memory)
        note.model = asked.model
        check_model(asked.model, self.settings)
        question = _question(endpoint, asked, given)
        rules = self._rules(endpoint, asked, question)
        # An answer that comes later in a sequence is another, and has names of its own.
        steps = b"".join(b"step %d" % rule.step for rule in rules if rule.step)
        identity = identify(given, self.settings.seed, getattr(asked, "salt", b"") + steps)
        knobs = self._settled(self._knobs(asked, rules), identity, question.turn)
        note.fault = knobs.fault
        stamp = Stamp(identity, asked.model, tier_of(getattr(asked, "service_tier", None)))
        planned = endpoint.reply(asked, knobs, stamp)
        left = self.quota.take(digest(key_of(request.headers)).hex(), planned.cost, note.started)
        if planned.kept:
            memory.keep(replace(planned.kept, body=note.body, started=note.started))
        return self.send(_struck(planned, knobs), note, left)

    def send(self, reply: Reply, note: Note, left: Iterable[tuple[str, str]] = ()) -> Response:
        """Put a reply on its way; `left` is the headers that tell what is left of a quota."""
        note.answer, note.is_sending = reply.answer, True
        note.tokens = reply.prompt_tokens, reply.completion_tokens
        body: Iterable[bytes] = self.sender.body(reply, request.environ, note.started, note.end)
        response = Response(body, reply.status, list(reply.headers))
        for name, value in left:
            response.headers[name] = value
        # Unlike the answer, which the request decides, this names one attempt: a journal is joined by it.
        response.headers.update(request_id())
        if reply.length is not None:
            response.headers["Content-Length"] = str(reply.length)
        return response

    def _memory(self) -> Recollection:
        return Recollection(self.documents.of(request.headers.get(_TEST_HEADER, "")))

    def _rules(self, endpoint: Endpoint, asked: Any, question: Question) -> Sequence[Rule]:
        try:
            rules = self.book.rules_for(question)
        except PatternError as error:
            raise ApiError(400, f"rules: {error}", code="costly_regex") from error
        if self.settings.strict and endpoint.answers and not rules and not is_scripted(asked.mock):
            raise ApiError(400, f"strict: {self.book.unanswered(question)}", code="no_rule")
        return rules

    def _knobs(self, asked: Any, rules: Sequence[Rule]) -> Knobs:
        seed = getattr(asked, "seed", None)
        in_path = request.environ.get(KNOBS, "")
        return turn_knobs(asked.model, asked.mock, seed, self.settings, rules, in_path)

    def _settled(self, knobs: Knobs, identity: bytes, user_turns: int) -> Knobs:
        """Decide what this attempt draws: the fault that strikes it, asked for or not, and its rhythm."""
        retries = whole_number(request.headers.get("X-Stainless-Retry-Count", ""), _MOST_RETRIES)
        attempt = Attempt(identity, user_turns, retries or 0)
        fault = settle(knobs.fault, self.settings.schedule, attempt, self.settings.seed)
        return replace(knobs, fault=fault, pace=with_rhythm(knobs.pace, digest(identity, "rhythm")))


def _question(endpoint: Endpoint, asked: Any, given: Any) -> Question:
    headers = {name.lower(): value for name, value in request.headers}
    return Question(asked.model, endpoint.turns(asked), headers, *traits_of(given))


def _struck(planned: Reply, knobs: Knobs) -> Reply:
    """Let the fault strike, if there is one. Raises ApiError, in the dialect that is spoken."""
    try:
        return apply(knobs.fault, planned)
    except ApiError as error:
        error.dialect = knobs.dialect
        raise
