"""Events to sends: the choices of an answer side by side, each token at its due time. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from mockllm.completion import Completion
from mockllm.knobs import Knobs
from mockllm.pacing import due, total_seconds
from mockllm.plan import Reply, Send, whole
from mockllm.wire import EVENT_STREAM_TYPE, JSON_TYPE, api_headers


class Event(NamedTuple):
    """One server-sent event; `token` says that it carries one."""

    data: bytes
    token: bool


Step = Sequence[Event]
"""The events that leave together with one token of one choice."""


def streamed(
    completion: Completion,
    knobs: Knobs,
    choices: Sequence[Iterable[Step]],
    *,
    opening: Sequence[bytes] = (),
    tail: Sequence[bytes] = (),
) -> Reply:
    """Reply with a stream; the opening leaves at once, the tail with the last token."""
    processing_seconds = 0.0 if opening else due(knobs.pace, 0)
    headers = api_headers(EVENT_STREAM_TYPE, processing_seconds, completion.prompt_tokens)
    begin = (Send(0.0, data, None) for data in opening)
    return Reply(200, headers, chain(begin, _sends(knobs, choices, tail)))


def unstreamed(completion: Completion, knobs: Knobs, body: bytes) -> Reply:
    """Reply in one piece, when the last token would have been due."""
    at = total_seconds(knobs.pace, completion.steps)
    headers = api_headers(JSON_TYPE, at, completion.prompt_tokens)
    return whole(200, headers, body, at, completion.steps)


def _sends(knobs: Knobs, choices: Sequence[Iterable[Step]], tail: Sequence[bytes]) -> Iterator[Send]:
    at = due(knobs.pace, 0)
    for number, steps in enumerate(zip_longest(*choices, fillvalue=())):
        at = due(knobs.pace, number)
        for step in steps:
            for data, token in step:
                yield Send(at, data, number if token else None)
    for data in tail:
        yield Send(at, data, None)
