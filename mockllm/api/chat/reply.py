"""Chat completions: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mockllm.api.answering import complete
from mockllm.api.chat.chunks import ChatChunks
from mockllm.api.chat.logprobs import ChatLogprobs
from mockllm.api.chat.request import ChatRequest, custom_tools, parse
from mockllm.api.chat.stored import kept_completion
from mockllm.api.chat.whole import whole_body
from mockllm.api.dialects import spoken
from mockllm.api.timed_reply import streamed, unstreamed
from mockllm.api.wire import DONE, Stamp, encode
from mockllm.rules import Knobs
from mockllm.values import Completion, Reply, Turn

__all__ = ["parse", "reply", "turns"]


def turns(request: ChatRequest) -> Sequence[Turn]:
    """List what was said so far. Raises ApiError for messages that contradict each other."""
    return request.turns


def reply(request: ChatRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for a request that contradicts itself."""
    completion = complete(request.ask, knobs)
    logprobs = ChatLogprobs(knobs.seed, request.top_logprobs or 0) if request.logprobs else None
    if not request.stream:
        body = whole_body(completion, stamp, logprobs, custom_tools(request))
        planned = unstreamed(completion, knobs, encode(body))
    else:
        planned = _streamed(request, completion, knobs, stamp, logprobs)
    planned = spoken(knobs.dialect, planned, completion)
    return replace(planned, kept=kept_completion(request, completion, knobs, stamp))


def _streamed(
    request: ChatRequest, completion: Completion, knobs: Knobs, stamp: Stamp, logprobs: ChatLogprobs | None
) -> Reply:
    options = request.stream_options
    include_usage = bool(options and options.include_usage)
    chunks = ChatChunks(
        stamp,
        include_usage=include_usage,
        include_obfuscation=not (options and options.include_obfuscation is False),
        logprobs=logprobs,
        customs=custom_tools(request),
    )
    steps = [chunks.steps(index, choice) for index, choice in enumerate(completion.choices)]
    tail = [chunks.usage(completion), DONE] if include_usage else [DONE]
    return streamed(completion, knobs, steps, tail=tail)
