"""What is asked, whichever API asked it: the turns so far, and what the answer may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Form = Literal["text", "json_object", "json_schema", "enum"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, file or sound in a message: where it comes from, and what it is billed at."""

    source: str
    tokens: int
    kind: Literal["image", "file", "audio"]


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call of a tool that the assistant made in an earlier turn."""

    key: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message says: who speaks, the words, and what comes with them.

    `answers` names the tool whose result this is.
    """

    role: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    calls: tuple[PastCall, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may call; `schema` describes its arguments."""

    name: str
    description: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools on offer, and how free the model is to take one; `parallel` allows several at once."""

    tools: tuple[Tool, ...] = ()
    choice: Literal["none", "auto", "required"] = "auto"
    parallel: bool = True


@dataclass(frozen=True, slots=True)
class Ask:
    """A conversation to be answered, with the limits that the request sets, in tokens.

    `form_place` is the parameter that asks for a form.
    """

    turns: tuple[Turn, ...]
    choices: int = 1
    limit: int | None = None
    least: int = 0
    stop: tuple[str, ...] = ()
    toolbox: Toolbox = Toolbox()
    form: Form = "text"
    form_place: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)


def latest_words(turns: Sequence[Turn]) -> str:
    """Return what the user said last."""
    return next((turn.text for turn in reversed(turns) if turn.role == "user"), "")
