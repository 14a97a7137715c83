import pytest

from webapp.chat.continuation import GO_ON, OverlapTrimmer, request_to_go_on
from webapp.chat.messages import Message

BEGUN = "The wave function collapses when it is measured"

CASES = {
    "nothing repeated": (" by an observer.", " by an observer."),
    "the end repeated": ("when it is measured by an observer.", " by an observer."),
    "all repeated": (BEGUN + " by an observer.", " by an observer."),
    "only a repetition": ("when it is measured", ""),
    "too short to be one": ("measured by many.", "measured by many."),
    "a repetition that turns out to be none": ("when it is measurable", "when it is measurable"),
    "nothing at all": ("", ""),
}


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("case", CASES)
def test_what_is_repeated_is_left_out_in_any_cut(case: str, size: int) -> None:
    text, expected = CASES[case]
    trimmer = OverlapTrimmer(BEGUN)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join([*map(trimmer.feed, pieces), trimmer.flush()]) == expected


def test_text_that_repeats_nothing_is_not_held_back() -> None:
    trimmer = OverlapTrimmer(BEGUN)
    assert [trimmer.feed(piece) for piece in (" by", " an", " observer")] == [" by", " an", " observer"]


def test_what_is_held_back_is_bounded() -> None:
    trimmer = OverlapTrimmer("a" * 1_000)
    held = 0
    while not trimmer.feed("a"):
        held += 1
    assert held <= 1_000


@pytest.mark.parametrize("begun", ["The quick", "The quick brown fox jumps ov" * 40, "x" * 999 + "y"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_an_echo_of_the_whole_message_is_left_out_however_long(begun: str, size: int) -> None:
    trimmer = OverlapTrimmer(begun)
    text = begun + "er the dog"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join([*map(trimmer.feed, pieces), trimmer.flush()]) == "er the dog"


def test_the_model_is_asked_to_go_on_as_the_user() -> None:
    messages = (Message("user", "a"), Message("assistant", "b"))
    assert request_to_go_on(messages) == (*messages, Message("user", GO_ON))
