import pytest

from mockllm.text.letters import lowered


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
