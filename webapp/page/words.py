"""What the pages say: languages/ has a table for each language, `page` for templates, `script` else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "languages"
LANGUAGES = ("en", *sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "en"))
"""What there is a table for. The first is spoken to those whose language is not among them."""


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    page: dict[str, Any]
    script: dict[str, Any]

    def say(self, key: str, **places: object) -> Any:
        """Return the text, or the list, under a key, its {places} filled. Raises KeyError."""
        said = self.page[key]
        return said.format(**places) if places else said


@cache
def words_in(language: str) -> Words:
    """Return the words of one of LANGUAGES."""
    table = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return Words(table["page"], table["script"])


def language_for(accepted: Iterable[str]) -> str:
    """Return which of LANGUAGES speaks best to a browser that accepts these tags, the best first.

    By the primary tag alone: who reads `de-AT` and then `en` is better off with `de` than with an exact `en`.
    """
    primary = (tag.partition("-")[0].lower() for tag in accepted)
    return next((tag for tag in primary if tag in LANGUAGES), LANGUAGES[0])
