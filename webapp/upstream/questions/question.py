"""One request to the API, put again where a refusal says what may be left out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from webapp.chat import ChatRequest, Message, newest_question, newest_turns, request_to_go_on
from webapp.upstream.decoding import EmptyAnswerError
from webapp.upstream.questions.dialects import Dialect, Dialects, after_refusal
from webapp.upstream.questions.payload import optional_fields, payload_of
from webapp.upstream.questions.refusals import is_about_fields, is_about_system, most_telling, words_of
from webapp.upstream.questions.room import Room, most_tokens, room
from webapp.upstream.transport import PendingBody

MOST_TRIES = 8
"""How often a question is put: each refusal that names a field takes one away."""
MOST_SHORTENINGS = 3
"""How often a part of the conversation goes, before all but the last question does."""
KEPT_SHARE = 0.5
"""How much of it stays each time, where the refusal has no figures."""
ROOM_FOR_AN_ANSWER = 0.75
"""How much of the context a question may fill, where it has."""
WORTH_ASKING_TOKENS = 256
"""An answer with less room than that would be cut at once: rather the oldest turns go."""


class Question:
    """One question. `opening` is what came of it last."""

    def __init__(
        self,
        request: ChatRequest,
        request_id: str,
        ask: Callable[[dict[str, Any], str], PendingBody],
        dialects: Dialects,
        *,
        goes_on_by_itself: bool,
    ) -> None:
        self._request = request
        self._request_id = request_id
        self._ask = ask
        self._dialects = dialects
        self._goes_on_by_itself = goes_on_by_itself
        self._tries = 0
        self._shortenings = 0
        self._is_streamed = True
        self.opening = self._put(dialects.of(request.model))

    @property
    def dropped_messages(self) -> int:
        """How many of the oldest messages of the conversation the model was not sent."""
        return self._request.dropped_messages

    def taken(self) -> None:
        """Say that the API answers: it takes what it was sent."""
        if self._tries > 1:
            self._dialects.learn(self._request.model, self._dialect)

    def put_again(self, refusal: Exception, code: str) -> bool:
        """Ask again without what the API refuses; returns whether there is anything to leave out.

        `code` is what the refusal means, in our words.
        """
        if self._tries >= MOST_TRIES:
            return False
        words = words_of(refusal)
        if isinstance(refusal, EmptyAnswerError) and self._is_streamed:
            # So llama-cpp-python's server refuses what is too long; asked for a whole answer it says why.
            self._is_streamed = False
            dialect: Dialect | None = self._dialect
        else:
            dialect = self._dialect_for(refusal, words, code)
        if dialect is None and code == "context_length_exceeded" and self._make_room(room(words)):
            self._is_streamed, dialect = True, self._dialect
        if dialect is not None:
            self.opening = self._put(dialect)
        return dialect is not None

    def _dialect_for(self, refusal: Exception, words: str, code: str) -> Dialect | None:
        """Return how else to put the question, should the refusal be about that."""
        dialect = self._dialect
        if dialect.has_system and self._request.messages[0].role == "system" and is_about_system(words):
            return replace(dialect, has_system=False)
        if not is_about_fields(refusal, code):
            return None
        most = most_tokens(words)
        if most and most < min(self._request.max_tokens, dialect.most_tokens or most + 1):
            return replace(dialect, most_tokens=most)
        if code == "context_length_exceeded":
            return None
        sent = optional_fields(self._payload)
        others = (after_refusal(dialect, sent, telling) for telling in most_telling(refusal))
        return next((other for other in others if other), None)

    def _make_room(self, said: Room | None) -> bool:
        """Ask for a shorter answer, if that was too much, or leave the oldest turns out."""
        left = said.limit - said.prompt if said else 0
        is_smaller = 0 < left < self._request.max_tokens
        if is_smaller and left >= WORTH_ASKING_TOKENS:
            self._request = replace(self._request, max_tokens=left)
            return True
        is_longer = said is not None and said.prompt > said.limit
        if self._shorten(ROOM_FOR_AN_ANSWER * said.limit / said.prompt if said and is_longer else KEPT_SHARE):
            return True
        if is_smaller:
            self._request = replace(self._request, max_tokens=left)
        return is_smaller

    def _shorten(self, share: float) -> bool:
        messages = self._request.messages
        is_last = self._shortenings == MOST_SHORTENINGS
        shorter = newest_question(messages) if is_last else newest_turns(messages, share)
        self._shortenings += 1
        dropped = len(messages) - len(shorter)
        self._request = replace(
            self._request, messages=shorter, dropped_messages=self._request.dropped_messages + dropped
        )
        return dropped > 0

    def _put(self, dialect: Dialect) -> PendingBody:
        self._tries += 1
        self._dialect = dialect
        self._payload = payload_of(self._request, self._messages(), dialect, is_streamed=self._is_streamed)
        return self._ask(self._payload, self._request_id)

    def _messages(self) -> tuple[Message, ...]:
        messages = self._request.messages
        continues = messages[-1].role == "assistant" and not self._goes_on_by_itself
        return request_to_go_on(messages) if continues else messages
