"""A dialect: in what a server's chat completions differ from OpenAI's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mockllm.values import OPENAI_FAILURE, Failure

Fields = dict[str, Any]


def as_reasoning_content(thought: str) -> Fields:
    """Tell a thought as DeepSeek does, whom many follow."""
    return {"reasoning_content": thought}


def as_it_is(fields: Fields) -> Fields:
    return fields


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server adds to, drops from and changes in OpenAI's form.

    `thought` gives the fields of a delta or message that tell a thought, and `bill` the server's form of
    usage, which stands in every chunk, in the one that ends a choice, behind it in one of its own, or where
    OpenAI has it: behind it, if asked for. `waiting` leaves before anything is known, `opening` before the
    first chunk.
    """

    drops: Sequence[str] = ("service_tier", "obfuscation")
    adds: Mapping[str, Any] = field(default_factory=dict)
    in_choice: Mapping[str, Any] = field(default_factory=dict)
    in_finish: Mapping[str, Any] = field(default_factory=dict)
    in_delta: Mapping[str, Any] = field(default_factory=dict)
    thought: Callable[[str], Fields] = as_reasoning_content
    message: Callable[[Fields], Fields] = as_it_is
    bill: Callable[[Fields], Fields] = as_it_is
    usage: Literal["asked", "behind", "finish", "every"] = "asked"
    calls_whole: bool = False
    waiting: bytes = b""
    opening: Sequence[Fields] = ()
    failure: Failure = OPENAI_FAILURE
