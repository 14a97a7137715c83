"""The tables of words: whole, and each language found by who speaks it."""

import json

import pytest

from webapp.chat import LIMIT_OUTCOMES, UPSTREAM_OUTCOMES
from webapp.http.openapi import REFUSALS
from webapp.page.words import FOLDER, LANGUAGES, language_for, words_in

CODES = {*LIMIT_OUTCOMES, *UPSTREAM_OUTCOMES, *(code for codes in REFUSALS.values() for code in codes)}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (["de"], "de"),
        (["de-AT", "en"], "de"),
        (["fr", "de"], "de"),
        (["en-GB", "de"], "en"),
        (["fr"], "en"),
        ([], "en"),
        (["*"], "en"),
    ],
)
def test_the_language_of_a_browser(accepted: list[str], language: str) -> None:
    assert language_for(accepted) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_every_word_of_the_first(language: str) -> None:
    first, table = words_in(LANGUAGES[0]), words_in(language)
    assert set(first.page) == set(table.page)
    assert set(first.script) <= set(table.script)
    assert json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")).keys() == {"page", "script"}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_error_has_a_sentence_in_the_reader_s_language(language: str) -> None:
    table = words_in(language).script
    assert [code for code in sorted(CODES) if f"error.{code}" not in table] == []


def test_places_are_filled() -> None:
    assert words_in("en").say("settings.max_tokens_hint", most=7) == "In tokens, at most 7."
