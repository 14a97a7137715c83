"""`POST /v1/messages` and `/v1/messages/count_tokens`: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mockllm.api.answering import complete, count_prompt
from mockllm.api.anthropic.events import MessageEvents
from mockllm.api.anthropic.headers import anthropic_headers
from mockllm.api.anthropic.message import finished, unfinished
from mockllm.api.anthropic.refusals import FAILURE
from mockllm.api.anthropic.request import MessagesRequest, caches, parse, parse_count, thinks
from mockllm.api.timed_reply import streamed, unstreamed
from mockllm.api.wire import JSON_TYPE, Stamp, encode
from mockllm.rules import Knobs
from mockllm.values import Reply, Turn, whole

__all__ = ["count", "parse", "parse_count", "reply", "turns"]

# A model that is allowed to think does so for a sentence or two; the knob says otherwise.
_THOUGHTS = 24


def turns(request: MessagesRequest) -> Sequence[Turn]:
    """List what was said so far. Raises ApiError for blocks that contradict each other."""
    return request.ask.turns


def reply(request: MessagesRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for a request that contradicts itself."""
    if thinks(request) and not knobs.reasoning:
        knobs = replace(knobs, reasoning=_THOUGHTS)
    completion = complete(request.ask, knobs)
    if not caches(request):
        completion = replace(completion, cached_tokens=0)
    begun = unfinished(completion, stamp)
    shows = not (request.thinking and request.thinking.display == "omitted")
    if not request.stream:
        body = encode(finished(begun, completion, stamp, shows_thoughts=shows))
        planned = unstreamed(completion, knobs, body)
    else:
        events = MessageEvents(begun, stamp, shows_thoughts=shows)
        planned = streamed(completion, knobs, [events.steps(completion)], opening=events.opening())
    headers = anthropic_headers(planned.headers, completion.prompt_tokens)
    return replace(planned, headers=headers, failure=FAILURE)


def count(request: MessagesRequest, _knobs: Knobs, _stamp: Stamp) -> Reply:
    """Count what a message would be billed for its prompt. Raises ApiError as `reply` does."""
    tokens = count_prompt(request.ask)
    headers = anthropic_headers((("Content-Type", JSON_TYPE),), tokens)
    return whole(200, headers, encode({"input_tokens": tokens}))
