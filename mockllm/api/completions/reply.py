"""Legacy completions: a request to the reply that it gets. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockllm.api.answering import complete
from mockllm.api.completions.request import CompletionsRequest, ask_of, count_prompt, parse, prompts_of
from mockllm.api.timed_reply import Event, Step, streamed, unstreamed
from mockllm.api.wire import DONE, Stamp, encode, usage
from mockllm.rules import Knobs
from mockllm.text import Logprob, logprobs_of, tokenize
from mockllm.values import Choice, Completion, Part, Reply, Turn

__all__ = ["parse", "reply", "turns"]


def turns(request: CompletionsRequest) -> Sequence[Turn]:
    """Take all prompts as what one user said. Raises ApiError for a mixed list."""
    return (Turn("user", "\n".join(prompts_of(request))),)


def reply(request: CompletionsRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for more tokens than one request may cost."""
    prompts = prompts_of(request)
    # This API knows no tools.
    knobs = replace(knobs, calls=None)
    answers = [complete(ask_of(request, prompt, knobs), knobs) for prompt in prompts]
    completion = Completion(
        tuple(_text_only(choice) for answer in answers for choice in answer.choices),
        sum(count_prompt(request, prompt) for prompt in prompts),
    )
    echoed = [prompt if request.echo else "" for prompt in prompts for _ in range(request.n or 1)]
    texts = [_Text(prompt, choice) for prompt, choice in zip(echoed, completion.choices, strict=True)]
    rating = None if request.logprobs is None else _Rating(knobs.seed, request.logprobs)
    if not request.stream:
        return unstreamed(completion, knobs, _whole_body(texts, completion, stamp, rating))
    chunks = _Chunks(request, stamp, rating)
    steps = [chunks.steps(index, text) for index, text in enumerate(texts)]
    tail = [chunks.usage(completion), DONE] if chunks.include_usage else [DONE]
    return streamed(completion, knobs, steps, tail=tail)


@dataclass(frozen=True, slots=True)
class _Text:
    """A choice and what of the prompt is repeated before it."""

    echoed: str
    choice: Choice

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.choice.parts[0].tokens


@dataclass(frozen=True, slots=True)
class _Rating:
    seed: int
    alternatives: int

    def of(self, tokens: Sequence[str], offset: int) -> dict[str, Any]:
        """Write the logprobs of tokens, the first of which begins at this character of the text."""
        rated = logprobs_of(tokens, self.seed, self.alternatives)
        offsets = []
        for token in tokens:
            offsets.append(offset)
            offset += len(token)
        return {
            "tokens": list(tokens),
            "token_logprobs": [each.chosen.value for each in rated],
            "top_logprobs": [_by_token(each.top) for each in rated],
            "text_offset": offsets,
        }


class _Chunks:
    """Writes the chunks of one stream, one event a call."""

    def __init__(self, request: CompletionsRequest, stamp: Stamp, rating: _Rating | None) -> None:
        options = request.stream_options
        self.include_usage = bool(options and options.include_usage)
        self._stamp = stamp
        self._rating = rating

    def steps(self, index: int, text: _Text) -> Iterator[Step]:
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


def _whole_body(
    texts: Sequence[_Text], completion: Completion, stamp: Stamp, rating: _Rating | None
) -> bytes:
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


def _text_only(choice: Choice) -> Choice:
    """Leave out what this API has no place for: thoughts, and that a refusal is one."""
    texts = [Part("content", part.tokens) for part in choice.parts if part.kind in ("content", "refusal")]
    return Choice(tuple(texts) or (Part("content", ()),), choice.finish_reason)


def _by_token(top: Sequence[Logprob]) -> dict[str, float]:
    return {each.token: each.value for each in top}
