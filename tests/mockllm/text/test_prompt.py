import pytest

from mockllm.text.prompt import read_brief


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("Write an 800-word essay on quantum mechanics", "quantum mechanics"),
        ("What is the capital of France?", "the capital of France"),
        ("Please tell me about rivers in two sentences.", "rivers"),
        ("Compare Rust and Go", "Rust and Go"),
        ("Explain photosynthesis in one sentence", "photosynthesis"),
        ("hi", "the question at hand"),
        ("", "the question at hand"),
        ("日本の川について", "日本の川について"),
    ],
)
def test_topic(prompt: str, topic: str) -> None:
    assert read_brief(prompt).topic == topic


def test_lengths_are_read() -> None:
    assert read_brief("an 800-word essay").words == 800
    assert read_brief("in one sentence").sentences == 1
    assert read_brief("a list of 5 birds").items == 5
    assert read_brief("seven good reasons").items == 7


def test_only_an_unusual_prompt_is_quoted() -> None:
    assert read_brief("Plain words, and 2 numbers.").quote == ""
    assert read_brief("tab\there").quote == "tab\there"
