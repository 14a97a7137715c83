import pytest

from mockllm.text.regex import found
from mockllm.text.schema.texts.patterns import matching
from mockllm.values.draws import Draws, digest


@pytest.mark.parametrize(
    "pattern",
    [
        "abc",
        "^[A-Z][a-z]+( [A-Z][a-z]+)*$",
        r"^\d{4}-\d{2}-\d{2}$",
        r"^(?:\+?1[-. ])?\(\d{3}\)\s\d{3}-\d{4}$",
        r"^#(?:[0-9a-fA-F]{3}){1,2}$",
        r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$",
        r"^(a|b|cd)\1$",
        r"^(?<x>\w\W)\1$",
        r"^(?P<year>\d{4})-x$",
        r"^.*?$",
        r"^[\D\S]{2}\s?$",
        "^[äöü]{3}$",
    ],
)
def test_the_text_matches(pattern: str) -> None:
    for seed in range(30):
        assert found(pattern, matching(pattern, Draws(digest(seed))))


def test_texts_differ() -> None:
    assert len({matching("^[a-z]{8}$", Draws(digest(seed))) for seed in range(20)}) == 20


@pytest.mark.parametrize("pattern", ["[", "(a{999}){999}{999}", "((a{999}){999}){999}"])
def test_what_cannot_be_written_is_empty(pattern: str) -> None:
    assert matching(pattern, Draws(digest(0))) == ""
