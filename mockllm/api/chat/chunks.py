"""The chunks of a streamed chat completion, byte for byte. Pure."""

from collections.abc import Iterator
from typing import Any

from mockllm.api.chat.logprobs import ChatLogprobs
from mockllm.api.timed_reply import Step
from mockllm.api.wire import Stamp, encode, obfuscation, usage
from mockllm.values import Choice, Completion, Part

_DELTA_OF = {"content": b"content", "refusal": b"refusal", "reasoning": b"reasoning_content"}


class ChatChunks:
    """Writes the chunks of one stream, one event a call.

    All but the token itself is the same for each chunk of a stream, so it is encoded once.
    """

    def __init__(
        self,
        stamp: Stamp,
        *,
        include_usage: bool = False,
        include_obfuscation: bool = False,
        logprobs: ChatLogprobs | None = None,
        customs: frozenset[str] = frozenset(),
    ) -> None:
        head = {
            "id": completion_key(stamp),
            "object": "chat.completion.chunk",
            "created": stamp.created,
            "model": stamp.model,
            "service_tier": stamp.service_tier,
            "system_fingerprint": stamp.fingerprint,
        }
        self._stamp = stamp
        self._head = b"data: " + encode(head)[:-1] + b',"choices":['
        self._after_choices = b',"usage":null' if include_usage else b""
        self._obfuscation = obfuscation(stamp.key if include_obfuscation else "")
        self._logprobs = logprobs
        self._customs = customs

    def steps(self, index: int, choice: Choice) -> Iterator[Step]:
        """Yield what leaves with each token: the role with the first, the reason of the end with the last."""
        ready = [(self._first(index, choice), False)]
        finish = (self._chunk(index, b"{}", encode(choice.finish_reason), 0, 1), False)
        left = choice.count
        calls = 0
        for part in choice.parts:
            if part.kind == "call":
                if len(choice.parts) > 1:
                    ready.append((self._call_begin(index, calls, part), False))
                calls += 1
            for data in self._tokens(index, calls - 1, part):
                ready.append((data, True))
                left -= 1
                if left:
                    yield ready
                    ready = []
        yield [*ready, finish]

    def usage(self, completion: Completion) -> bytes:
        """Write the last chunk, which holds no choice."""
        return b'%b],"usage":%b%b}\n\n' % (self._head, encode(usage(completion)), self._obfuscation(0, 2))

    def _tokens(self, index: int, call: int, part: Part) -> Iterator[bytes]:
        if part.kind == "call":
            kind, told = called_as(part, self._customs)
            start = b'{"tool_calls":[{"index":%d,"%b":{"%b":' % (call, kind.encode(), told.encode())
            end = b"}}]}"
        else:
            start, end = b'{"%b":' % _DELTA_OF[part.kind], b"}"
        if self._logprobs and part.kind in ("content", "refusal"):
            for position, (token, rated) in enumerate(
                zip(part.tokens, self._logprobs.of(part, stream=True), strict=True)
            ):
                delta = start + encode(token) + end
                yield self._chunk(index, delta, b"null", len(token), position, encode(rated))
            return
        # Written thousands of times a second, so what a token shares with its neighbours is joined once.
        start = b'%b{"index":%d,"delta":%b' % (self._head, index, start)
        end = end + b',"logprobs":null,"finish_reason":null}]' + self._after_choices
        for position, token in enumerate(part.tokens):
            yield start + encode(token) + end + self._obfuscation(len(token), position) + b"}\n\n"

    def _first(self, index: int, choice: Choice) -> bytes:
        """Write the chunk that names the role; a call that comes alone begins in it."""
        kinds = {part.kind for part in choice.parts}
        delta: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None}
        if "refusal" in kinds:
            delta = {"role": "assistant", "content": None, "refusal": ""}
        elif "call" in kinds and "content" not in kinds:
            delta = {"role": "assistant", "content": None, "refusal": None}
            if len(choice.parts) == 1:
                began = self._begun_call(index, 0, choice.parts[0])
                delta = {"role": "assistant", "content": None, "tool_calls": [began], "refusal": None}
        rated: Any = None
        if self._logprobs and ("call" not in kinds or "content" in kinds):
            rated = (
                {"content": [], "refusal": None}
                if "refusal" not in kinds
                else {"content": None, "refusal": []}
            )
        return self._chunk(index, encode(delta), b"null", 0, 0, encode(rated))

    def _call_begin(self, index: int, call: int, part: Part) -> bytes:
        return self._chunk(
            index, encode({"tool_calls": [self._begun_call(index, call, part)]}), b"null", 0, call
        )

    def _begun_call(self, index: int, call: int, part: Part) -> dict[str, Any]:
        key = call_key(self._stamp, index, call)
        kind, told = called_as(part, self._customs)
        return {"index": call, "id": key, "type": kind, kind: {"name": part.name, told: ""}}

    def _chunk(
        self,
        index: int,
        delta: bytes,
        finish_reason: bytes,
        length: int,
        position: int,
        rated: bytes = b"null",
    ) -> bytes:
        return b'%b{"index":%d,"delta":%b,"logprobs":%b,"finish_reason":%b}]%b%b}\n\n' % (
            self._head,
            index,
            delta,
            rated,
            finish_reason,
            self._after_choices,
            self._obfuscation(length, position),
        )


def called_as(call: Part, customs: frozenset[str]) -> tuple[str, str]:
    """Say what kind of tool is called, and what its input is called there."""
    return ("custom", "input") if call.name in customs else ("function", "arguments")


def completion_key(stamp: Stamp) -> str:
    return f"chatcmpl-{stamp.key[:29]}"


def call_key(stamp: Stamp, index: int, call: int) -> str:
    """Name a call of a tool: the same in both forms of the answer."""
    return f"call_{stamp.part_key('call', index, call)}"
