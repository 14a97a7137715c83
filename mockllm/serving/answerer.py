"""One request to an API: read once, decided upon, and its reply handed to the sender."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec
from flask import Response, g, request

from mockllm.api import (
    DEPLOYMENT,
    KNOBS_IN_PATH,
    Endpoint,
    Stamp,
    check_strictly,
    identify,
    read_body,
    request_id_headers,
    tier_of,
    traits_of,
    whole_number,
    with_model,
)
from mockllm.faults import Attempt, apply, settle
from mockllm.journal import Documents, Note, Recollection
from mockllm.rules import SCRIPTED, Chosen, Knobs, Question, Rule, RuleBook
from mockllm.serving.access import check_key, key_of
from mockllm.serving.knob_layers import check_model, is_scripted, lets_words_through, turn_knobs
from mockllm.serving.quota import Quota
from mockllm.serving.settings import Settings
from mockllm.text import PatternError
from mockllm.timing import Sender, with_rhythm
from mockllm.values import ApiError, Reply, digest

_MOST_RETRIES = 1_000_000
_TEST_HEADER = "X-Mock-Test"


class _Draft(NamedTuple):
    """A reply as it was planned and as a fault left it, or its refusal; and the rules that it uses."""

    planned: Reply
    struck: Reply
    used: Sequence[Chosen]
    refusal: ApiError | None = None


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
        """Begin, and return what was kept for the test that asks, or for all who name none.

        Raises ApiError for a body that would be refused.
        """
        note = self.begin()
        if self.settings.strict and note.body:
            check_strictly(request.path, read_body(note.body))
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
        if getattr(asked, "refers", False):
            note.recalled = question.turns
        draft = self._draft(endpoint, asked, given, question)
        left = self.quota.take(digest(key_of(request.headers)).hex(), draft.planned.cost, note.started)
        while not self.book.use(draft.used):
            # Another request took the answer that was planned for this one.
            draft = self._draft(endpoint, asked, given, question)
        if draft.refusal:
            raise draft.refusal
        if draft.planned.kept:
            memory.keep(replace(draft.planned.kept, body=note.body, started=note.started))
        return self.send(draft.struck, note, left)

    def send(self, reply: Reply, note: Note, left: Iterable[tuple[str, str]] = ()) -> Response:
        """Put a reply on its way; `left` is the headers that tell what is left of a quota."""
        note.answer, note.is_sending = reply.answer, True
        note.tokens = reply.prompt_tokens, reply.completion_tokens
        body: Iterable[bytes] = self.sender.body(reply, request.environ, note.started, note.end)
        response = Response(body, reply.status, list(reply.headers))
        for name, value in left:
            response.headers[name] = value
        # Unlike the answer, which the request decides, this names one attempt: a journal is joined by it.
        response.headers.update(request_id_headers())
        if reply.length is not None:
            response.headers["Content-Length"] = str(reply.length)
        return response

    def _memory(self) -> Recollection:
        return Recollection(self.documents.of(request.headers.get(_TEST_HEADER, "")))

    def _draft(self, endpoint: Endpoint, asked: Any, given: Any, question: Question) -> _Draft:
        """Plan the answer, using up nothing. Raises ApiError for what is refused, but by a fault."""
        chosen = self._rules(endpoint, question)
        rules = [each.rule for each in chosen]
        identity = identify(given, self.settings.seed, getattr(asked, "salt", b"") + _salt(rules))
        knobs = self._settled(self._knobs(asked, rules), identity, question.turn)
        stamp = Stamp(identity, asked.model, tier_of(getattr(asked, "service_tier", None)))
        planned = endpoint.reply(asked, knobs, stamp)
        g.note.fault = knobs.fault
        try:
            struck = apply(knobs.fault, planned)
        except ApiError as refusal:
            refusal.dialect = knobs.dialect
            # The answer waits for the next attempt; what asked for the fault does not.
            return _Draft(planned, planned, [each for each in chosen if "fault" in each.rule.answer], refusal)
        is_made_up = endpoint.purpose == "answer" and not is_scripted(knobs, question)
        if self.settings.strict and is_made_up and lets_words_through(struck):
            g.note.fault = None
            raise ApiError(400, f"strict: {self.book.unanswered(question)}", code="no_rule")
        return _Draft(planned, struck, chosen)

    def _rules(self, endpoint: Endpoint, question: Question) -> Sequence[Chosen]:
        try:
            return self.book.rules_for(question, endpoint.purpose)
        except PatternError as error:
            raise ApiError(400, f"rules: {error}", code="costly_regex") from error

    def _knobs(self, asked: Any, rules: Sequence[Rule]) -> Knobs:
        seed = getattr(asked, "seed", None)
        in_path = request.environ.get(KNOBS_IN_PATH, "")
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


def _salt(rules: Iterable[Rule]) -> bytes:
    """Tell apart the answers to one body: those of several rules, and those that come one after another.

    A body does not say which rule it gets: that may hang on headers, on what is used up, or on when it came.
    """
    scripted = [{name: value for name, value in rule.answer.items() if name in SCRIPTED} for rule in rules]
    said = b"".join(msgspec.json.encode(answer, order="sorted") for answer in scripted if answer)
    return b"".join(b"step %d" % rule.step for rule in rules if rule.step) + said
