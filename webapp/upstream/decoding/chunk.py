"""What one upstream event says, as far as the first choice is concerned."""

from __future__ import annotations

from typing import Literal

import msgspec

from webapp.chat import Usage


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """The new text and thinking, and what else the event says. A refusal is text like any other."""

    text: str = ""
    finish_reason: str | None = None
    """One of finish_reasons.ENDS, or the upstream's own word, which then is the end of no whole answer."""
    usage: Usage | None = None
    """All that is known so far, once it is more than a part."""
    reasoning: str = ""
    end: Literal["", "usage", "done"] = ""
    """Whether nothing follows: after `[DONE]` for certain, after a usage without choices if the answer has
    its finish_reason."""
