"""The items that a response is made of. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mockllm.api.wire import Stamp
from mockllm.text import TokenLogprobs, logprobs_of
from mockllm.values import Choice, Part, Search

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
    search: Search | None = None
    shows_sources: bool = False

    @property
    def first(self) -> int:
        """The index of the first part among the items: a search stands before it."""
        return 0 if self.search is None else 1

    def search_call(self, search: Search, status: str) -> dict[str, Any]:
        """Write the item of the search."""
        action: dict[str, Any] = {"type": "search", "query": search.query}
        if self.shows_sources:
            action["sources"] = [{"type": "url", "url": each.url} for each in search.sources]
        key = f"ws_{self.stamp.part_key('item', 0)}"
        return {"id": key, "type": "web_search_call", "status": status, "action": action}

    def citations(self, text: str) -> list[dict[str, Any]]:
        """Cite the sources whose title or URL stands in a text, there."""
        sources = self.search.sources if self.search else ()
        places = ((each, _first_of((each.title, each.url), text)) for each in sources)
        return [
            {
                "type": "url_citation",
                "start_index": begin,
                "end_index": end,
                "url": each.url,
                "title": each.title,
            }
            for each, (begin, end) in places
            if end
        ]

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
            more = {"encrypted_content": sealed(self.stamp, "sealed", index)} if self.encrypts else {}
            return {"id": key, "type": "reasoning", "summary": [], **more}
        if part.kind == "call":
            call = {"call_id": f"call_{self.stamp.part_key('call', 0, index)}", "name": part.name}
            if self.is_custom(part):
                return {"id": key, "type": "custom_tool_call", "input": "", **call}
            return {"id": key, "type": "function_call", "status": "in_progress", "arguments": "", **call}
        return {"id": key, "type": "message", "status": "in_progress", "content": [], "role": "assistant"}

    def content(self, part: Part) -> dict[str, Any]:
        if part.kind == "refusal":
            return {"type": "refusal", "refusal": part.text}
        rated = [_full(each) for each in self.rated(part)]
        cited = self.citations(part.text)
        return {"type": "output_text", "annotations": cited, "logprobs": rated, "text": part.text}

    def rated(self, part: Part) -> list[TokenLogprobs]:
        """Rate the tokens of a text, if that was asked for."""
        if self.alternatives is None or part.kind != "content":
            return []
        return logprobs_of(part.tokens, self.seed, self.alternatives)


def response_key(stamp: Stamp) -> str:
    return f"resp_{stamp.key[:48]}"


def sealed(stamp: Stamp, *which: str | int) -> str:
    """Write what a client sends back instead of what was thought or said; it need not be believed."""
    return f"gAAAAAB{''.join(stamp.part_key(*which, number) for number in range(8))}=="


def items_of(choice: Choice, output: Output) -> list[dict[str, Any]]:
    last = len(choice.parts) - 1
    ended = {"length": "incomplete", "content_filter": "incomplete"}.get(choice.finish_reason, "completed")
    searched = [output.search_call(output.search, "completed")] if output.search else []
    return searched + [
        output.item(index + output.first, part, ended if index == last else "completed")
        for index, part in enumerate(choice.parts)
    ]


def _first_of(words: Iterable[str], text: str) -> tuple[int, int]:
    """Return where the first of the words that is in a text begins and ends there; nowhere is (0, 0)."""
    word = next((word for word in words if word and word in text), "")
    return text.index(word), text.index(word) + len(word)


def summary_text(text: str) -> dict[str, str]:
    return {"type": "summary_text", "text": text}


def _full(rated: TokenLogprobs) -> dict[str, Any]:
    chosen, *top = [
        {"token": each.token, "bytes": list(each.token.encode()), "logprob": each.value}
        for each in (rated.chosen, *rated.top)
    ]
    return {**chosen, "top_logprobs": top}
