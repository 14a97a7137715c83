import pytest

from webapp.upstream.decoding import ThinkTagSplitter


def split(*texts: str) -> tuple[str, str]:
    """All the reasoning and all the text."""
    splitter = ThinkTagSplitter()
    parts = [*(splitter.feed(text) for text in texts), splitter.flush()]
    return "".join(part[0] for part in parts), "".join(part[1] for part in parts)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("<think>hm</think>\n\nYes.", ("hm", "Yes.")),
        ("\n<think>\nhm</think>Yes.", None),
        ("Yes.", ("", "Yes.")),
        ("<thinking is hard", ("", "<thinking is hard")),
        ("a <think>b</think>", ("", "a <think>b</think>")),
        ("<think>a < b </thin> c</think>Yes.", ("a < b </thin> c", "Yes.")),
        ("<think>never ends", ("never ends", "")),
        ("<thi", ("", "<thi")),
        ("", ("", "")),
    ],
)
def test_thinking_at_the_head_is_no_text_in_any_cut(answer: str, right: tuple[str, str] | None) -> None:
    whole = split(answer)
    if right is not None:
        assert whole == right
    else:
        assert whole[1] == "Yes."
    assert split(*answer) == whole
    for at in range(len(answer)):
        assert split(answer[:at], answer[at:]) == whole
