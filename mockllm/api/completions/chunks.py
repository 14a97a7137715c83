"""The events of a streamed legacy completion, and its whole body. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mockllm.api.completions.logprobs import Rating
from mockllm.api.timed_reply import Event, Step
from mockllm.api.wire import Stamp, encode, usage
from mockllm.text import tokenize
from mockllm.values import Choice, Completion


@dataclass(frozen=True, slots=True)
class Text:
    """A choice and what of the prompt is repeated before it."""

    echoed: str
    choice: Choice

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.choice.parts[0].tokens


class Chunks:
    """Writes the chunks of one stream, one event a call."""

    def __init__(self, stamp: Stamp, rating: Rating | None, *, include_usage: bool) -> None:
        self.include_usage = include_usage
        self._stamp = stamp
        self._rating = rating

    def steps(self, index: int, text: Text) -> Iterator[Step]:
        """Yield what leaves with each token: the repeated prompt with the first, the end with the last."""
        ready: list[Event] = []
        if text.echoed:
            ready.append((self._chunk(index, text.echoed, tokenize(text.echoed), 0), False))
        offset = len(text.echoed)
        for position, token in enumerate(text.tokens):
            if position:
                yield ready
                ready = []
            ready.append((self._chunk(index, token, [token], offset), True))
            offset += len(token)
        finish = self._chunk(index, "", [], offset, text.choice.finish_reason)
        yield [*ready, (finish, False)]

    def usage(self, completion: Completion) -> bytes:
        return self._event([], usage(completion))

    def _chunk(
        self, index: int, text: str, tokens: Sequence[str], offset: int, finish_reason: str | None = None
    ) -> bytes:
        rated = self._rating.of(tokens, offset) if self._rating and tokens else None
        choice = {"text": text, "index": index, "logprobs": rated, "finish_reason": finish_reason}
        return self._event([choice], None)

    def _event(self, choices: list[dict[str, Any]], bill: dict[str, Any] | None) -> bytes:
        body = {**_head(self._stamp), "choices": choices}
        if self.include_usage:
            body["usage"] = bill
        return b"data: %b\n\n" % encode(body)


def whole_body(texts: Sequence[Text], completion: Completion, stamp: Stamp, rating: Rating | None) -> bytes:
    choices = [
        {
            "text": text.echoed + text.choice.text,
            "index": index,
            "logprobs": rating.of([*tokenize(text.echoed), *text.tokens], 0) if rating else None,
            "finish_reason": text.choice.finish_reason,
        }
        for index, text in enumerate(texts)
    ]
    return encode({**_head(stamp), "choices": choices, "usage": usage(completion)})


def _head(stamp: Stamp) -> dict[str, Any]:
    return {
        "id": f"cmpl-{stamp.key[:29]}",
        "object": "text_completion",
        "created": stamp.created,
        "model": stamp.model,
        "system_fingerprint": stamp.fingerprint,
    }
