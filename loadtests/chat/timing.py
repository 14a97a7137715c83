"""What one answer was: right or not, and when its parts came, in seconds since the request was sent.

- TTFB: to the first byte of the body.
- TTFT: to the first object with text. A blocking answer is one object, so there it is the total.
- ITL: the gap between two consecutive objects with text; one value a gap.
- TPOT: (last text - first text) / (n - 1), n being the tokens of text that `usage` counts, without those of
  reasoning; one value an answer.
- Total: to the terminal object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import sub

Item = str | Mapping[str, object]
"""What a stream brings: text, or an object that is none, such as the terminal one."""


class BadAnswerError(Exception):
    """An answer that does not count; the message is its kind, the same for all alike."""


@dataclass(frozen=True)
class Timing:
    """The times of one right answer."""

    ttfb: float
    ttft: float
    itl: tuple[float, ...]
    tpot: float | None
    total: float
    apps_ttft: float | None = None
    """The app's own time to its first token, as its terminal object says; None where it says none."""
    has_reasoning: bool = False
    """Whether something that is no text came before it."""


@dataclass
class Answer:
    """Collects the objects of one answer as they come, each with its time by one clock."""

    first_byte_at: float | None = None
    texts: list[str] = field(default_factory=list)
    text_times: list[float] = field(default_factory=list)
    end: Mapping[str, object] | None = None
    end_at: float = 0.0
    size: int = 0
    has_reasoning: bool = False
    asked_at: float = 0.0

    def add(self, item: Item, at: float) -> None:
        """Take the next object; raises BadAnswerError where the interface allows no such object."""
        if self.end is not None:
            raise BadAnswerError("object after the terminal one")
        if not isinstance(item, str):
            self._add_object(item, at)
        elif item:
            self.texts.append(item)
            self.text_times.append(at)

    def _add_object(self, item: Mapping[str, object], at: float) -> None:
        kind, text = item.get("type"), item.get("text")
        if kind == "delta" and isinstance(text, str):
            self.add(text, at)
        elif kind in ("done", "error"):
            self.end, self.end_at = item, at
        elif kind == "delta" or not isinstance(kind, str):
            raise BadAnswerError("object of unknown form")
        elif kind == "reasoning":
            self.has_reasoning = True

    def add_whole(self, item: Mapping[str, object], at: float) -> None:
        """Take a blocking answer, which is text and terminal object in one."""
        self.add({"type": "delta", "text": item.get("text")}, at)
        self.add({**item, "type": "done"}, at)

    def timing(self, expected: str | None) -> Timing:
        """The times, if the answer is whole and its text the expected one; else raises BadAnswerError.

        Where nobody knows the text, any will do that is not empty.
        """
        _check_end(self.end)
        if expected is not None and (text := "".join(self.texts)) != expected:
            is_cut = bool(text) and expected.startswith(text) and _reason(self.end) == "length"
            raise BadAnswerError("wrong text: its beginning, cut by length" if is_cut else "wrong text")
        if not self.text_times or self.first_byte_at is None:
            raise BadAnswerError(_without_text(self.end))
        first, last = self.text_times[0], self.text_times[-1]
        tokens = _text_tokens(self.end, has_reasoning=self.has_reasoning)
        return Timing(
            ttfb=self.first_byte_at - self.asked_at,
            ttft=first - self.asked_at,
            itl=tuple(map(sub, self.text_times[1:], self.text_times)),
            tpot=(last - first) / (tokens - 1) if tokens > 1 and len(self.texts) > 1 else None,
            total=self.end_at - self.asked_at,
            apps_ttft=_apps_ttft(self.end),
            has_reasoning=self.has_reasoning,
        )


def _check_end(end: Mapping[str, object] | None) -> None:
    match end:
        case None:
            raise BadAnswerError("no terminal object")
        case {"type": "error"}:
            raise BadAnswerError(f"error object: {end.get('code')}")
        case {"finish_reason": "interrupted"}:
            raise BadAnswerError(f"interrupted: {end.get('reason')}")
        case {"finish_reason": "error"}:
            raise BadAnswerError("error object: finish_reason")
        case {"finish_reason": str()}:
            return
    raise BadAnswerError("no finish_reason")


def _reason(end: Mapping[str, object] | None) -> object:
    return end.get("finish_reason") if end else None


def _without_text(end: Mapping[str, object] | None) -> str:
    reason = _reason(end)
    return "no text" if reason in (None, "stop") else f"no text: {reason}"


def _apps_ttft(end: Mapping[str, object] | None) -> float | None:
    match end:
        case {"timing": {"first_token_ms": int() | float() as milliseconds}}:
            return milliseconds / 1000
    return None


def _text_tokens(end: Mapping[str, object] | None, *, has_reasoning: bool) -> int:
    """0 where nobody says how many of the answer's tokens are text."""
    match end:
        case {
            "usage": {
                "completion_tokens": int(tokens),
                "completion_tokens_details": {"reasoning_tokens": int(reasoning)},
            }
        }:
            return tokens - reasoning
        case {"usage": {"completion_tokens": int(tokens)}} if not has_reasoning:
            return tokens
    return 0
