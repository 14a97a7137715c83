"""Responses: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mockllm.api.answering import complete
from mockllm.api.responses.body import finished, output_of, unfinished
from mockllm.api.responses.events import ResponseEvents
from mockllm.api.responses.request import ResponsesRequest, ask_of, parse
from mockllm.api.timed_reply import streamed, unstreamed
from mockllm.api.wire import Stamp, encode
from mockllm.rules import Knobs
from mockllm.values import OPENAI_FAILURE, Reply, Turn

__all__ = ["parse", "reply", "turns"]

_FAILURE = (
    b'event: error\ndata: {"type":"error","sequence_number":%d,"code":"server_error","param":null,'
    b'"message":"The server had an error while processing your request. Sorry about that!"}\n\n'
)


def turns(request: ResponsesRequest) -> Sequence[Turn]:
    """List what was said so far. Raises ApiError for items that contradict each other."""
    return ask_of(request).turns


def reply(request: ResponsesRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for a request that contradicts itself."""
    completion = complete(ask_of(request), knobs)
    output = output_of(request, stamp, knobs.seed)
    begun = unfinished(request, stamp)
    if not request.stream:
        return unstreamed(completion, knobs, encode(finished(begun, completion, output)))
    options = request.stream_options
    # The SDK's types know no obfuscation in these events, so it is only sent when it is asked for.
    obfuscates = bool(options and options.include_obfuscation)
    events = ResponseEvents(begun, output, include_obfuscation=obfuscates)
    planned = streamed(completion, knobs, [events.steps(completion)], opening=events.opening())
    return replace(planned, failure=OPENAI_FAILURE._replace(event=_FAILURE))
