"""What a template is given, and what its scripts must know of this app."""

from __future__ import annotations

from typing import Any

from webapp.chat import MAX_TEMPERATURE
from webapp.configuration import REASONING_EFFORTS, Settings
from webapp.page.modules import modules_of
from webapp.page.words import words_in

THEMES = ("light", "dark")
BODY_MARGIN_BYTES = 999
"""For what a request holds beside its messages; no body limit is smaller than that."""
STYLES = {
    "chat.js": ("page/page.css", "view/turns.css", "page/panels.css", "markdown/markdown.css"),
    "race.js": ("page/page.css", "race/race.css", "markdown/markdown.css"),
}
"""The style sheets of the page that a script belongs to."""


def page_values(
    settings: Settings, problem: str | None, *, entry: str, language: str, theme: str = ""
) -> dict[str, Any]:
    """Return the variables of a page's template.

    `entry` is a key of STYLES, `problem` what the app lacks, `theme` what the reader's cookie says.
    """
    words = words_in(language)
    return {
        "asks_for_token": bool(settings.access_token.get_secret_value()),
        "allow_system_messages": settings.allow_system_messages,
        "entry": entry,
        "facts": {
            "language": language,
            "words": words.script,
            "heartbeat_seconds": settings.heartbeat_seconds,
            "limits": _limits(settings),
        },
        "efforts": REASONING_EFFORTS,
        "language": language,
        "model": settings.model,
        "models": settings.model_choices,
        "modules": modules_of(entry),
        "problem": problem,
        "say": words.say,
        "styles": STYLES[entry],
        "theme": theme if theme in THEMES else "",
    }


def _limits(settings: Settings) -> dict[str, Any]:
    return {
        "messages": settings.max_messages,
        "characters": settings.max_message_chars,
        "bytes": settings.max_body_bytes - BODY_MARGIN_BYTES,
        "tokens": settings.max_output_tokens,
        "temperature": MAX_TEMPERATURE,
        "system": settings.allow_system_messages,
    }
