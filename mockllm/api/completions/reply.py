"""Legacy completions: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mockllm.api.answering import complete
from mockllm.api.completions.chunks import Chunks, Text, whole_body
from mockllm.api.completions.logprobs import Rating
from mockllm.api.completions.request import CompletionsRequest, ask_of, count_prompt, parse
from mockllm.api.timed_reply import streamed, unstreamed
from mockllm.api.wire import DONE, Stamp
from mockllm.rules import Knobs
from mockllm.values import Choice, Completion, Part, Reply, Turn

__all__ = ["parse", "reply", "turns"]


def turns(request: CompletionsRequest) -> Sequence[Turn]:
    """Take all prompts as what one user said. Raises ApiError for a mixed list."""
    return (Turn("user", "\n".join(request.prompts)),)


def reply(request: CompletionsRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for more tokens than one request may cost."""
    prompts = request.prompts
    # This API knows no tools.
    knobs = replace(knobs, calls=None)
    answers = [complete(ask_of(request, prompt, knobs), knobs) for prompt in prompts]
    completion = Completion(
        tuple(_text_only(choice) for answer in answers for choice in answer.choices),
        sum(count_prompt(request, prompt) for prompt in prompts),
    )
    echoed = [prompt if request.echo else "" for prompt in prompts for _ in range(request.n or 1)]
    texts = [Text(prompt, choice) for prompt, choice in zip(echoed, completion.choices, strict=True)]
    rating = None if request.logprobs is None else Rating(knobs.seed, request.logprobs)
    if not request.stream:
        body = whole_body(texts, completion, stamp, rating)
        return replace(unstreamed(completion, knobs, body), said_in="prompt")
    options = request.stream_options
    chunks = Chunks(stamp, rating, include_usage=bool(options and options.include_usage))
    steps = [chunks.steps(index, text) for index, text in enumerate(texts)]
    tail = [chunks.usage(completion), DONE] if chunks.include_usage else [DONE]
    return replace(streamed(completion, knobs, steps, tail=tail), said_in="prompt")


def _text_only(choice: Choice) -> Choice:
    """Leave out what this API has no place for: thoughts, and that a refusal is one."""
    texts = [Part("content", part.tokens) for part in choice.parts if part.kind in ("content", "refusal")]
    return Choice(tuple(texts) or (Part("content", ()),), choice.finish_reason)
