"""The items that a response is made of. Pure."""

from dataclasses import dataclass
from typing import Any

from mockllm.api.wire import Stamp
from mockllm.text import TokenLogprobs, logprobs_of
from mockllm.values import Choice, Part

_PREFIXES = {"reasoning": "rs", "content": "msg", "refusal": "msg", "call": "fc"}


@dataclass(frozen=True, slots=True)
class Output:
    """What is needed to write the output of one response."""

    stamp: Stamp
    seed: int
    alternatives: int | None
    summarizes: bool
    encrypts: bool = False
    customs: frozenset[str] = frozenset()

    def key(self, index: int, part: Part) -> str:
        prefix = "ctc" if self.is_custom(part) else _PREFIXES[part.kind]
        return f"{prefix}_{self.stamp.part_key('item', index)}"

    def is_custom(self, part: Part) -> bool:
        """Whether it calls a tool of type `custom`, whose input is no JSON but any text."""
        return part.kind == "call" and part.name in self.customs

    def item(self, index: int, part: Part, status: str) -> dict[str, Any]:
        """Write an item as it is when nothing more is added to it."""
        begun = self.begun(index, part)
        if part.kind == "reasoning":
            return {**begun, "summary": [summary_text(part.text)] if self.summarizes else []}
        if self.is_custom(part):
            return {**begun, "input": part.text}
        if part.kind == "call":
            return {**begun, "status": status, "arguments": part.text}
        return {**begun, "status": status, "content": [self.content(part)]}

    def begun(self, index: int, part: Part) -> dict[str, Any]:
        """Write an item as it is before its first token."""
        key = self.key(index, part)
        if part.kind == "reasoning":
            sealed = {"encrypted_content": self._sealed(index)} if self.encrypts else {}
            return {"id": key, "type": "reasoning", "summary": [], **sealed}
        if part.kind == "call":
            call = {"call_id": f"call_{self.stamp.part_key('call', 0, index)}", "name": part.name}
            if self.is_custom(part):
                return {"id": key, "type": "custom_tool_call", "input": "", **call}
            return {"id": key, "type": "function_call", "status": "in_progress", "arguments": "", **call}
        return {"id": key, "type": "message", "status": "in_progress", "content": [], "role": "assistant"}

    def _sealed(self, index: int) -> str:
        """Write what a client sends back instead of the thoughts; whoever does so need not be believed."""
        words = [self.stamp.part_key("sealed", index, number) for number in range(8)]
        return f"gAAAAAB{''.join(words)}=="

    def content(self, part: Part) -> dict[str, Any]:
        if part.kind == "refusal":
            return {"type": "refusal", "refusal": part.text}
        rated = [_full(each) for each in self.rated(part)]
        return {"type": "output_text", "annotations": [], "logprobs": rated, "text": part.text}

    def rated(self, part: Part) -> list[TokenLogprobs]:
        """Rate the tokens of a text, if that was asked for."""
        if self.alternatives is None or part.kind != "content":
            return []
        return logprobs_of(part.tokens, self.seed, self.alternatives)


def items_of(choice: Choice, output: Output) -> list[dict[str, Any]]:
    last = len(choice.parts) - 1
    ended = {"length": "incomplete", "content_filter": "incomplete"}.get(choice.finish_reason, "completed")
    return [
        output.item(index, part, ended if index == last else "completed")
        for index, part in enumerate(choice.parts)
    ]


def summary_text(text: str) -> dict[str, str]:
    return {"type": "summary_text", "text": text}


def _full(rated: TokenLogprobs) -> dict[str, Any]:
    chosen, *top = [
        {"token": each.token, "bytes": list(each.token.encode()), "logprob": each.value}
        for each in (rated.chosen, *rated.top)
    ]
    return {**chosen, "top_logprobs": top}
