"""An answer as values, whichever API shows it."""

from dataclasses import dataclass
from typing import Literal

FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of tokens of one kind; `name` is the tool's in a call, whose tokens are the arguments."""

    kind: Literal["reasoning", "content", "refusal", "call"]
    tokens: tuple[str, ...]
    name: str = ""

    @property
    def text(self) -> str:
        return "".join(self.tokens)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer, part after part in the order of their making; `stop` is the stop word that ended it."""

    parts: tuple[Part, ...]
    finish_reason: FinishReason
    stop: str | None = None

    @property
    def count(self) -> int:
        """The tokens of all parts."""
        return sum(len(part.tokens) for part in self.parts)

    @property
    def calls(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind == "call")

    @property
    def text(self) -> str:
        return self.said("content") or ""

    def said(self, kind: str) -> str | None:
        """Return the text of the part of this kind, or None if there is no such part."""
        return next((part.text for part in self.parts if part.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Source:
    """A page of the web that an answer may cite."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the web that comes before an answer."""

    query: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """All answers to one request, what they are billed at, and the search before them, if there was one."""

    choices: tuple[Choice, ...]
    prompt_tokens: int
    image_tokens: int = 0
    audio_tokens: int = 0
    cached_tokens: int = 0
    search: Search | None = None

    @property
    def completion_tokens(self) -> int:
        return sum(choice.count for choice in self.choices)

    @property
    def reasoning_tokens(self) -> int:
        parts = (part for choice in self.choices for part in choice.parts)
        return sum(len(part.tokens) for part in parts if part.kind == "reasoning")

    @property
    def steps(self) -> int:
        """The tokens of the longest answer: the choices are decoded side by side."""
        return max(choice.count for choice in self.choices)
