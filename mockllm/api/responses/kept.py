"""A kept response, as it is shown when it is asked for. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from mockllm.api.reading import read_body
from mockllm.api.responses.body import finished, output_of, unfinished
from mockllm.api.responses.events import ResponseEvents
from mockllm.api.responses.recalling import RecalledRequest, named_items
from mockllm.api.responses.request import ResponsesRequest, conversation_key, parse
from mockllm.api.timed_reply import span, streamed
from mockllm.api.wire import Stamp, encode
from mockllm.rules import Knobs
from mockllm.timing import Pace
from mockllm.values import Completion, Kept, Reply, Send

_NUMBER = re.compile(rb'"sequence_number":(\d+)')


def kept_response(
    request: ResponsesRequest, completion: Completion, knobs: Knobs, stamp: Stamp, document: dict[str, Any]
) -> Kept | None:
    """Keep what is needed to show the response again, unless the request forbids it."""
    if request.store is False or not isinstance(request, RecalledRequest):
        return None
    first, end = span(completion, knobs)
    return Kept(
        key=document["id"],
        kind="response",
        identity=stamp.identity,
        model=stamp.model,
        service_tier=stamp.service_tier,
        seed=knobs.seed,
        completion=completion,
        items=named_items(request.said, stamp.identity),
        output=document["output"],
        previous=request.previous_response_id or "",
        conversation=conversation_key(request),
        background=bool(request.background),
        first_due=first,
        end_due=end,
    )


def response_document(kept: Kept, now: float) -> dict[str, Any]:
    """Write the response as it stands at a time of the monotonic clock."""
    request, stamp, begun = _begun(kept)
    elapsed = now - kept.started
    if kept.cancelled:
        return {**begun, "status": "cancelled"}
    if elapsed < kept.end_due:
        waits = kept.background and elapsed < kept.first_due
        return {**begun, "status": "queued" if waits else "in_progress"}
    return finished(begun, kept.completion, output_of(request, stamp, kept.seed, kept.completion.search))


def resumed_response(kept: Kept, after: int, now: float) -> Reply:
    """Plan the stream of a response anew, behind the event of this number: what was due comes at once.

    One that was cancelled ends where it was: OpenAI has no event of its own for that.
    """
    request, stamp, begun = _begun(kept)
    events = ResponseEvents(
        begun, output_of(request, stamp, kept.seed, kept.completion.search), include_obfuscation=False
    )
    steps = max(kept.completion.steps - 1, 1)
    pace = Pace(kept.first_due, (kept.end_due - kept.first_due) / steps)
    opening = events.opening(queued=kept.background)
    reply = streamed(
        kept.completion, Knobs(pace, kept.seed), [events.steps(kept.completion)], opening=opening
    )
    if kept.cancelled:
        reply = replace(reply, sends=_cancelled(reply.sends, kept, {**begun, "status": "cancelled"}))
    return replace(reply, sends=_later(reply, after, now - kept.started))


def _begun(kept: Kept) -> tuple[ResponsesRequest, Stamp, dict[str, Any]]:
    request = parse(read_body(kept.body))
    stamp = Stamp(kept.identity, kept.model, kept.service_tier)
    return request, stamp, unfinished(request, stamp)


def _cancelled(sends: Iterable[Send], kept: Kept, response: dict[str, Any]) -> Iterator[Send]:
    number = -1
    for send in sends:
        if send.due > kept.cancelled_seconds:
            break
        number = _number(send)
        yield send
    event = {"type": "response.incomplete", "sequence_number": number + 1, "response": response}
    data = b"event: response.incomplete\ndata: %b\n\n" % encode(event)
    yield Send(kept.cancelled_seconds, data, None)


def _later(reply: Reply, after: int, elapsed: float) -> Iterator[Send]:
    for send in reply.sends:
        if _number(send) > after:
            yield send._replace(due=max(send.due - elapsed, 0.0))


def _number(send: Send) -> int:
    found = _NUMBER.search(send.data)
    return int(found[1]) if found else -1
