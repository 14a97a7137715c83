import pytest

from mockllm.text.letters import folded, lowered


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("ABC xyz", "abc xyz"),
        ("ÄÖÜ ΑΒΓ ДЖ Ṩ", "äöü αβγ дж ṩ"),
        ("日本", "日本"),
        ("\ua7cb\ua7da", "\ua7cb\ua7da"),
        ("", ""),
    ],
)
def test_small_letters(text: str, small: str) -> None:
    assert lowered(text) == small


def test_a_sigma_at_the_end_of_a_word_is_one() -> None:
    assert folded("ΟΔΟΣ") == folded("οδος") == folded("οδοσ")
    assert lowered("οδος") == "οδος"
