"""Events to sends: the choices of an answer side by side, each token at its due time. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, zip_longest

from mockllm.api.wire import EVENT_STREAM_TYPE, JSON_TYPE, api_headers
from mockllm.rules import Knobs
from mockllm.timing import Pace, due, total_seconds, with_prompt
from mockllm.values import Completion, Reply, Send, whole

Event = tuple[bytes, bool]
"""One server-sent event, and whether it carries a token; as plain as this because of their number."""
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
    pace = _pace(completion, knobs)
    processing_seconds = 0.0 if opening else due(pace, 0)
    headers = api_headers(EVENT_STREAM_TYPE, processing_seconds, completion.prompt_tokens)
    begin = (Send(0.0, data, None) for data in opening)
    return _noted(Reply(200, headers, chain(begin, _sends(pace, choices, tail))), completion)


def unstreamed(completion: Completion, knobs: Knobs, body: bytes) -> Reply:
    """Reply in one piece, when the last token would have been due."""
    at = total_seconds(_pace(completion, knobs), completion.steps)
    headers = api_headers(JSON_TYPE, at, completion.prompt_tokens)
    return _noted(whole(200, headers, body, at, completion.steps), completion)


def span(completion: Completion, knobs: Knobs) -> tuple[float, float]:
    """Say when the first and the last token are due, in seconds after the request was read."""
    pace = _pace(completion, knobs)
    return due(pace, 0), total_seconds(pace, completion.steps)


def _pace(completion: Completion, knobs: Knobs) -> Pace:
    return with_prompt(knobs.pace, completion.prompt_tokens, completion.cached_tokens)


def _noted(reply: Reply, completion: Completion) -> Reply:
    return billed(replace(reply, answer=completion.choices[0].text), completion)


def billed(reply: Reply, completion: Completion) -> Reply:
    """Say what a reply is billed at."""
    tokens = completion.prompt_tokens, completion.completion_tokens
    return replace(reply, prompt_tokens=tokens[0], completion_tokens=tokens[1])


def _sends(pace: Pace, choices: Sequence[Iterable[Step]], tail: Sequence[bytes]) -> Iterator[Send]:
    at = due(pace, 0)
    # Once a token: Send's own constructor is a function in Python that does no more than this.
    send = partial(tuple.__new__, Send)
    for number, steps in enumerate(zip_longest(*choices, fillvalue=())):
        at = due(pace, number)
        for step in steps:
            for data, token in step:
                yield send((at, data, number if token else None))
    for data in tail:
        yield Send(at, data, None)
