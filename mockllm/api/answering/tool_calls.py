"""Which tools an answer calls, and with what arguments. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from mockllm.rules import Knobs
from mockllm.text import UnsatisfiableError, generate, lowered
from mockllm.values import ApiError, Ask, Draws, Tool, latest_words

_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the model writes it: `arguments` is the JSON text."""

    name: str
    arguments: str


def calls_of(ask: Ask, knobs: Knobs, draws: Draws) -> Sequence[Call]:
    """Decide on the calls of an answer; none means that it is a text.

    Left to decide, it calls when a user has just spoken: each tool that the words of the user name, or the
    first if they name none. Raises ApiError for arguments that nothing satisfies.
    """
    if isinstance(knobs.calls, tuple):
        return [Call(name, arguments) for name, arguments in knobs.calls]
    tools = _tools_to_call(ask, knobs.calls, has_text=knobs.text is not None)
    return [Call(tool.name, _arguments(ask, tool, draws, len(tools))) for tool in tools]


def _tools_to_call(ask: Ask, wanted: int | None, *, has_text: bool) -> list[Tool]:
    box = ask.toolbox
    if not box.tools or box.choice == "none":
        return []
    if box.choice == "auto" and (
        ask.turns[-1].role != "user" or (has_text and wanted is None) or wanted == 0
    ):
        return []
    ranked = _by_relevance(box.tools, latest_words(ask.turns))
    count = wanted or sum(1 for score, _ in ranked if score) or 1
    return [ranked[index % len(ranked)][1] for index in range(count if box.parallel else 1)]


def _by_relevance(tools: Sequence[Tool], prompt: str) -> list[tuple[int, Tool]]:
    """Rank tools by the words of the prompt that stand in their names; the order of offer breaks a tie."""
    words = set(_WORD.findall(lowered(prompt)))
    scored = [(len(words.intersection(_WORD.findall(lowered(tool.name)))), tool) for tool in tools]
    return sorted(scored, key=lambda pair: -pair[0])


def _arguments(ask: Ask, tool: Tool, draws: Draws, calls: int) -> str:
    try:
        schema = tool.schema or {"type": "object"}
        # Never words of the prompt, which a client's tool might carry out, and nothing that may be left out.
        value = generate(schema, draws, None, ask.choices * calls)
    except UnsatisfiableError as error:
        raise ApiError(
            400,
            f"Invalid schema for function '{tool.name}': {error}",
            param="tools",
            code="invalid_function_parameters",
        ) from error
    return msgspec.json.encode(value).decode()
