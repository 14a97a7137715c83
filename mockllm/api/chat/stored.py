"""A chat completion that is stored, as it is shown when it is asked for. Pure."""

from typing import Any

from mockllm.api.chat.chunks import completion_key
from mockllm.api.chat.logprobs import ChatLogprobs
from mockllm.api.chat.request import ChatRequest, custom_tools, parse
from mockllm.api.chat.whole import whole_body
from mockllm.api.reading import read_body
from mockllm.api.wire import Stamp
from mockllm.rules import Knobs
from mockllm.values import Completion, Kept


def kept_completion(request: ChatRequest, completion: Completion, knobs: Knobs, stamp: Stamp) -> Kept | None:
    """Keep what is needed to show the completion again, if the request wants it stored."""
    if not request.store:
        return None
    return Kept(
        key=completion_key(stamp),
        kind="chat.completion",
        identity=stamp.identity,
        model=stamp.model,
        service_tier=stamp.service_tier,
        seed=knobs.seed,
        completion=completion,
        metadata=request.metadata,
    )


def stored_completion(kept: Kept) -> dict[str, Any]:
    """Write the completion in one piece, however it was sent."""
    request = parse(read_body(kept.body))
    logprobs = ChatLogprobs(kept.seed, request.top_logprobs or 0) if request.logprobs else None
    stamp = Stamp(kept.identity, kept.model, kept.service_tier)
    body = whole_body(kept.completion, stamp, logprobs, custom_tools(request))
    return {**body, "metadata": kept.metadata or {}}


def stored_messages(kept: Kept) -> list[dict[str, Any]]:
    """List what was asked, each message with a name."""
    messages: list[dict[str, Any]] = read_body(kept.body)["messages"]
    return [_named(message, f"{kept.key}-{index}") for index, message in enumerate(messages)]


def _named(message: dict[str, Any], key: str) -> dict[str, Any]:
    content = message.get("content")
    parts = content if isinstance(content, list) else None
    return {**message, "id": key, "content": None if parts else content, "content_parts": parts}
