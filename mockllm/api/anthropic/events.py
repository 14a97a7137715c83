"""The events of a streamed message, byte for byte. Pure."""

from collections.abc import Iterator
from typing import Any

from mockllm.api.anthropic.message import block, ending, last_usage, signature
from mockllm.api.timed_reply import Event, Step
from mockllm.api.wire import Stamp, encode
from mockllm.values import Completion, Part

_DELTAS = {
    "content": ("text_delta", "text"),
    "refusal": ("text_delta", "text"),
    "call": ("input_json_delta", "partial_json"),
    "reasoning": ("thinking_delta", "thinking"),
}


class MessageEvents:
    """Writes one stream from its first event to its last."""

    def __init__(self, begun: dict[str, Any], stamp: Stamp, *, shows_thoughts: bool) -> None:
        self._begun = begun
        self._stamp = stamp
        self._shows_thoughts = shows_thoughts

    def opening(self) -> list[bytes]:
        """Write what Anthropic sends before the model begins."""
        return [_event("message_start", message=self._begun), _event("ping")]

    def steps(self, completion: Completion) -> Iterator[Step]:
        """Yield what leaves with each token: the begin of a block with its first, its end with its last."""
        choice = completion.choices[0]
        ready: list[Event] = []
        for index, part in enumerate(choice.parts):
            ready.append((self._begin(index, part), False))
            for number, data in enumerate(self._tokens(index, part)):
                if number:
                    yield ready
                    ready = []
                ready += [(data, True)] if data else []
            ready += [(data, False) for data in self._end(index, part)]
            if index < len(choice.parts) - 1 and part.tokens:
                yield ready
                ready = []
        last = _event("message_delta", delta=ending(choice), usage=last_usage(completion))
        yield [*ready, (last, False), (_event("message_stop"), False)]

    def _begin(self, index: int, part: Part) -> bytes:
        empty = block(index, Part(part.kind, (), part.name), self._stamp)
        if part.kind == "reasoning":
            empty["signature"] = ""
        return _event("content_block_start", index=index, content_block=empty)

    def _tokens(self, index: int, part: Part) -> Iterator[bytes]:
        """Yield the event of each token; thoughts that are not told leave none, but take their time."""
        if part.kind == "reasoning" and not self._shows_thoughts:
            yield from (b"" for _ in part.tokens)
            return
        kind, field = _DELTAS[part.kind]
        # Written thousands of times a second, so what a token shares with its neighbours is encoded once.
        start = (
            b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,'
            b'"delta":{"type":"%b","%b":'
        ) % (index, kind.encode(), field.encode())
        for token in part.tokens:
            yield b"%b%b}}\n\n" % (start, encode(token))

    def _end(self, index: int, part: Part) -> Iterator[bytes]:
        if part.kind == "reasoning":
            signed = {"type": "signature_delta", "signature": signature(index, self._stamp)}
            yield _event("content_block_delta", index=index, delta=signed)
        yield _event("content_block_stop", index=index)


def _event(name: str, **fields: Any) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), encode({"type": name, **fields}))
