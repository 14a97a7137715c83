import pytest

from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.tokens import count_tokens, tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Hello, world!", ["Hello", ",", " world", "!"]),
        ("superposition", ["superp", "osition"]),
        ("a\n\nb\r\n\r\nc", ["a", "\n\n", "b", "\r\n\r\n", "c"]),
        ("in 1905", ["in", " 190", "5"]),
        ("  x\ty", ["  ", "x", "\t", "y"]),
        ("日本", ["日", "本"]),
        ("👨‍👩", ["👨", "\u200d", "👩"]),
        ("🇩🇪", ["🇩", "🇪"]),
        ("a\u2028b", ["a", "\u2028", "b"]),
        ('"\\', ['"\\']),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


def test_english_has_about_four_characters_a_token() -> None:
    assert 3.8 < len(FOUNDING_ESSAY) / count_tokens(FOUNDING_ESSAY) < 5.2


def test_a_long_text_is_estimated() -> None:
    assert count_tokens("a" * 400_000) == 100_000
