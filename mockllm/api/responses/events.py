"""The events of a streamed response, byte for byte. Pure."""

from collections.abc import Iterator
from typing import Any

from mockllm.api.responses.body import finished
from mockllm.api.responses.output import Output, summary_text
from mockllm.api.timed_reply import Event, Step
from mockllm.api.wire import encode, obfuscation
from mockllm.text import TokenLogprobs
from mockllm.values import Choice, Completion, Part

_DELTAS = {
    "content": "response.output_text",
    "refusal": "response.refusal",
    "call": "response.function_call_arguments",
    "reasoning": "response.reasoning_summary_text",
}


class ResponseEvents:
    """Writes one stream from its first event to its last; they are numbered in that order."""

    def __init__(self, begun: dict[str, Any], output: Output, *, include_obfuscation: bool) -> None:
        self._begun = begun
        self._output = output
        self._obfuscation = obfuscation(output.stamp.key if include_obfuscation else "")
        self._number = 0

    def opening(self, *, queued: bool = False) -> list[bytes]:
        """Write what OpenAI sends before the model begins; in the background an answer is queued first."""
        names = ("created", "queued", "in_progress") if queued else ("created", "in_progress")
        waiting = {**self._begun, "status": "queued"} if queued else self._begun
        return [
            self._event(f"response.{name}", response=self._begun if name == "in_progress" else waiting)
            for name in names
        ]

    def steps(self, completion: Completion) -> Iterator[Step]:
        """Yield what leaves with each token: the begin of an item with its first, its end with its last."""
        choice = completion.choices[0]
        ready: list[Event] = _plain(self._search())
        for index, part in enumerate(choice.parts, self._output.first):
            ready += _plain(self._part_begin(index, part))
            for number, data in enumerate(self._tokens(index, part)):
                if number:
                    yield ready
                    ready = []
                ready += [(data, True)] if data else []
            ready += _plain(self._part_end(index, part, choice))
            if part is not choice.parts[-1] and part.tokens:
                yield ready
                ready = []
        response = finished(self._begun, completion, self._output)
        yield [*ready, *_plain([self._event(f"response.{response['status']}", response=response)])]

    def _search(self) -> Iterator[bytes]:
        """Write the search, which takes no time of its own."""
        search = self._output.search
        if search is None:
            return
        begun, done = (self._output.search_call(search, status) for status in ("in_progress", "completed"))
        yield self._event("response.output_item.added", output_index=0, item=begun)
        for state in ("in_progress", "searching", "completed"):
            yield self._event(f"response.web_search_call.{state}", output_index=0, item_id=begun["id"])
        yield self._event("response.output_item.done", output_index=0, item=done)

    def _part_begin(self, index: int, part: Part) -> Iterator[bytes]:
        item = self._output.begun(index, part)
        yield self._event("response.output_item.added", output_index=index, item=item)
        place = self._place(index, part)
        if part.kind == "reasoning" and self._output.summarizes:
            yield self._event("response.reasoning_summary_part.added", **place, part=summary_text(""))
        elif part.kind in ("content", "refusal"):
            empty = Part(part.kind, ())
            yield self._event("response.content_part.added", **place, part=self._output.content(empty))

    def _part_end(self, index: int, part: Part, choice: Choice) -> Iterator[bytes]:
        place = self._place(index, part)
        name = f"{self._delta(part)}.done"
        if part.kind == "content":
            for number, cited in enumerate(self._output.citations(part.text)):
                added = "response.output_text.annotation.added"
                yield self._event(added, **place, annotation_index=number, annotation=cited)
            rated = [_short(each) for each in self._output.rated(part)]
            yield self._event(name, **place, text=part.text, logprobs=rated)
        elif part.kind == "refusal":
            yield self._event(name, **place, refusal=part.text)
        elif part.kind == "call":
            told = "input" if self._output.is_custom(part) else "arguments"
            yield self._event(name, **place, **{told: part.text})
        elif self._output.summarizes:
            yield self._event(name, **place, text=part.text)
            shown = summary_text(part.text)
            yield self._event("response.reasoning_summary_part.done", **place, part=shown)
        if part.kind in ("content", "refusal"):
            yield self._event("response.content_part.done", **place, part=self._output.content(part))
        cut = choice.finish_reason in ("length", "content_filter") and part is choice.parts[-1]
        item = self._output.item(index, part, "incomplete" if cut else "completed")
        yield self._event("response.output_item.done", output_index=index, item=item)

    def _tokens(self, index: int, part: Part) -> Iterator[bytes]:
        """Yield the event of each token; thoughts that are not told leave none, but take their time."""
        if part.kind == "reasoning" and not self._output.summarizes:
            yield from (b"" for _ in part.tokens)
            return
        name = f"{self._delta(part)}.delta".encode()
        head = b'event: %b\ndata: {"type":"%b","sequence_number":' % (name, name)
        # Written thousands of times a second, so what a token shares with its neighbours is encoded once.
        place = b"," + encode(self._place(index, part))[1:-1] + b',"delta":'
        rated = self._output.rated(part)
        for position, token in enumerate(part.tokens):
            end = b"" if part.kind != "content" else b',"logprobs":[]'
            if rated:
                end = b',"logprobs":[%b]' % encode(_short(rated[position]))
            end += self._obfuscation(len(token), position)
            yield b"%b%d%b%b%b}\n\n" % (head, self._next(), place, encode(token), end)

    def _delta(self, part: Part) -> str:
        return "response.custom_tool_call_input" if self._output.is_custom(part) else _DELTAS[part.kind]

    def _place(self, index: int, part: Part) -> dict[str, Any]:
        place: dict[str, Any] = {"item_id": self._output.key(index, part), "output_index": index}
        if part.kind == "reasoning":
            return {**place, "summary_index": 0}
        return place if part.kind == "call" else {**place, "content_index": 0}

    def _event(self, name: str, **fields: Any) -> bytes:
        data = {"type": name, "sequence_number": self._next(), **fields}
        return b"event: %b\ndata: %b\n\n" % (name.encode(), encode(data))

    def _next(self) -> int:
        self._number += 1
        return self._number - 1


def _plain(events: Iterator[bytes] | list[bytes]) -> list[Event]:
    return [(data, False) for data in events]


def _short(rated: TokenLogprobs) -> dict[str, Any]:
    chosen, *top = [{"token": each.token, "logprob": each.value} for each in (rated.chosen, *rated.top)]
    return {**chosen, "top_logprobs": top}
