"""`generateContent`, streamed and not, and `countTokens`: a request to the reply that it gets. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mockllm.api.answering import complete, count_prompt
from mockllm.api.gemini.refusals import FAILURE, FAILURE_IN_ARRAY
from mockllm.api.gemini.request import GenerateRequest
from mockllm.api.gemini.response import Responses
from mockllm.api.reading import in_camel_case, request_of
from mockllm.api.timed_reply import streamed, unstreamed
from mockllm.api.wire import EVENT_STREAM_TYPE, JSON_TYPE, Stamp, encode
from mockllm.rules import Knobs
from mockllm.values import Completion, Reply, Turn, whole


def parse(given: Any) -> GenerateRequest:
    """Read a request. Raises ApiError for what is no such request."""
    return request_of(in_camel_case(given), GenerateRequest)


def parse_count(given: Any) -> GenerateRequest:
    """Read a request to count, which may hold the whole request that is meant. Raises ApiError."""
    asked = in_camel_case(given)
    inner = asked.get("generateContentRequest") if isinstance(asked, dict) else None
    return request_of(
        {**inner, "model": asked.get("model")} if isinstance(inner, dict) else asked, GenerateRequest
    )


def turns(request: GenerateRequest) -> Sequence[Turn]:
    """List what was said so far. Raises ApiError for parts that contradict each other."""
    return request.ask.turns


def reply(request: GenerateRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer in one piece. Raises ApiError for a request that contradicts itself."""
    completion = complete(request.ask, knobs)
    body = _responses(request, completion, stamp).whole()
    return _googles(unstreamed(completion, knobs, body), JSON_TYPE)


def streamed_as(kind: str) -> Callable[[GenerateRequest, Knobs, Stamp], Reply]:
    """Return what plans the answer as a stream of events for `sse`, else as an array, bit by bit."""
    return _as_events if kind == "sse" else _as_array


def count(request: GenerateRequest, _knobs: Knobs, _stamp: Stamp) -> Reply:
    """Count what an answer would be billed for its prompt. Raises ApiError as `reply` does."""
    tokens = count_prompt(request.ask)
    details = [{"modality": "TEXT", "tokenCount": tokens}]
    body = encode({"totalTokens": tokens, "promptTokensDetails": details})
    return replace(whole(200, (("Content-Type", JSON_TYPE),), body), said_in="contents")


def _as_events(request: GenerateRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    completion = complete(request.ask, knobs)
    answers = _responses(request, completion, stamp)
    steps = [answers.steps(index, choice) for index, choice in enumerate(completion.choices)]
    return _googles(streamed(completion, knobs, steps), EVENT_STREAM_TYPE)


def _as_array(request: GenerateRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    completion = complete(request.ask, knobs)
    answers = _responses(request, completion, stamp, as_array=True)
    steps = [answers.steps(index, choice) for index, choice in enumerate(completion.choices)]
    planned = _googles(streamed(completion, knobs, steps, opening=[b"["], tail=[b"]"]), JSON_TYPE)
    return replace(planned, failure=FAILURE_IN_ARRAY)


def _responses(
    request: GenerateRequest, completion: Completion, stamp: Stamp, *, as_array: bool = False
) -> Responses:
    return Responses(completion, stamp, shows_thoughts=request.shows_thoughts, as_array=as_array)


def _googles(planned: Reply, content_type: str) -> Reply:
    kept = tuple((name, value) for name, value in planned.headers if name == "Cache-Control")
    headers = (("Content-Type", content_type), *kept)
    return replace(planned, headers=headers, failure=FAILURE, said_in="contents")
