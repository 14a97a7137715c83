"""Conversation and knobs to the tokens of an answer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mockllm.draws import Draws, digest
from mockllm.errors import ApiError
from mockllm.knobs import MAX_TOKENS, Knobs
from mockllm.prompt import read_brief
from mockllm.tokens import count_tokens, tokenize
from mockllm.writing import write

FinishReason = Literal["stop", "length"]

_TOKENS_AROUND_MESSAGE = 3
_TOKENS_AROUND_PROMPT = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message says: who speaks and the words."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; its text is the concatenation of its tokens."""

    tokens: tuple[str, ...]
    finish_reason: FinishReason

    @property
    def text(self) -> str:
        return "".join(self.tokens)


@dataclass(frozen=True, slots=True)
class Completion:
    """All answers to one request, and what they are billed at."""

    choices: tuple[Choice, ...]
    prompt_tokens: int

    @property
    def completion_tokens(self) -> int:
        return sum(len(choice.tokens) for choice in self.choices)

    @property
    def steps(self) -> int:
        """The tokens of the longest answer: the choices are decoded side by side."""
        return max(len(choice.tokens) for choice in self.choices)


def complete(
    turns: Sequence[Turn], knobs: Knobs, choices: int = 1, limit: int | None = None, stop: Sequence[str] = ()
) -> Completion:
    """Answer a conversation; if the assistant spoke last, go on from there."""
    if choices * (knobs.tokens or 1) > 2 * MAX_TOKENS:
        raise ApiError(
            400, f"n: at most {2 * MAX_TOKENS} tokens over all choices", param="n", code="invalid_value"
        )
    return Completion(
        tuple(_choice(turns, knobs, index, limit, stop) for index in range(choices)),
        _TOKENS_AROUND_PROMPT + sum(_TOKENS_AROUND_MESSAGE + count_tokens(turn.text) for turn in turns),
    )


def _choice(
    turns: Sequence[Turn], knobs: Knobs, index: int, limit: int | None, stop: Sequence[str]
) -> Choice:
    text = _continued_text(turns, knobs, index)
    ends = [end for end in (text.find(word) for word in stop if word) if end >= 0]
    tokens = tokenize(text[: min(ends)] if ends else text)
    if limit is not None and limit < len(tokens):
        return Choice(tuple(tokens[:limit]), "length")
    return Choice(tuple(tokens), "stop")


def _continued_text(turns: Sequence[Turn], knobs: Knobs, index: int) -> str:
    if turns[-1].role != "assistant" or len(turns) == 1:
        return _text(turns, knobs, index)
    begun = turns[-1].text
    for candidate in dict.fromkeys((index, 0)):
        text = _text(turns[:-1], knobs, candidate)
        if text.startswith(begun):
            return text[len(begun) :]
    # Somebody else's beginning: there is no rest to give, so a text of its own follows.
    return _text(turns, knobs, index)


def _text(turns: Sequence[Turn], knobs: Knobs, index: int) -> str:
    if knobs.text is not None:
        return knobs.text
    said = [part for turn in turns for part in (turn.role, turn.text)]
    draws = Draws(digest(knobs.seed, index, *said))
    prompt = next((turn.text for turn in reversed(turns) if turn.role == "user"), "")
    return write(read_brief(prompt), draws, knobs.tokens, essay_allowed=index == 0)
