"""Responses: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mockllm.api.answering import complete, count_prompt
from mockllm.api.responses.body import finished, output_of, unfinished
from mockllm.api.responses.events import ResponseEvents
from mockllm.api.responses.kept import kept_response
from mockllm.api.responses.output import Output
from mockllm.api.responses.recalling import recall
from mockllm.api.responses.request import ResponsesRequest, parse
from mockllm.api.timed_reply import billed, streamed, unstreamed
from mockllm.api.wire import JSON_TYPE, Stamp, api_headers, encode
from mockllm.rules import Knobs
from mockllm.values import OPENAI_FAILURE, Completion, Reply, Turn, whole

__all__ = ["count", "parse", "recall", "reply", "turns"]

_FAILURE = (
    b'event: error\ndata: {"type":"error","sequence_number":%d,"code":"server_error","param":null,'
    b'"message":"The server had an error while processing your request. Sorry about that!"}\n\n'
)


def turns(request: ResponsesRequest) -> Sequence[Turn]:
    """List what was said so far. Raises ApiError for items that contradict each other."""
    return request.ask.turns


def reply(request: ResponsesRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for a request that contradicts itself."""
    completion = complete(request.ask, knobs)
    output = output_of(request, stamp, knobs.seed, completion.search)
    begun = unfinished(request, stamp)
    document = finished(begun, completion, output)
    if request.stream:
        planned = _streamed(request, completion, knobs, begun, output)
    elif request.background:
        headers = api_headers(JSON_TYPE, 0.0, completion.prompt_tokens)
        planned = billed(whole(200, headers, encode({**begun, "status": "queued"})), completion)
    else:
        planned = unstreamed(completion, knobs, encode(document))
    kept = kept_response(request, completion, knobs, stamp, document)
    return replace(planned, kept=kept, said_in="input")


def count(request: ResponsesRequest, _knobs: Knobs, _stamp: Stamp) -> Reply:
    """Count what a response would be billed for its prompt. Raises ApiError as `reply` does."""
    tokens = count_prompt(request.ask)
    body = encode({"object": "response.input_tokens", "input_tokens": tokens})
    return replace(whole(200, api_headers(JSON_TYPE, 0.0, tokens), body), said_in="input")


def _streamed(
    request: ResponsesRequest, completion: Completion, knobs: Knobs, begun: dict[str, Any], output: Output
) -> Reply:
    options = request.stream_options
    # The SDK's types know no obfuscation in these events, so it is only sent when it is asked for.
    obfuscates = bool(options and options.include_obfuscation)
    events = ResponseEvents(begun, output, include_obfuscation=obfuscates)
    opening = events.opening(queued=bool(request.background))
    planned = streamed(completion, knobs, [events.steps(completion)], opening=opening)
    return replace(planned, failure=OPENAI_FAILURE._replace(event=_FAILURE))
