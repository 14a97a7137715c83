from pathlib import Path

import pytest

from loadtests.chat import Message, PromptsError, Question, questions_from

ONE = Question((Message("user", "Hi"),))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('{"prompt": "Hi"}\n{"prompt": "Hi"}\n', (ONE, ONE)),
        (
            '{"max_tokens": 5, "messages": [{"role": "system", "content": "Be."}, {"role": "user", "content": "Hi"}]}',
            (Question((Message("system", "Be."), Message("user", "Hi")), 5),),
        ),
        (
            '[{"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yes"}]}]',
            (ONE,),
        ),
    ],
    ids=["prompt", "messages", "ShareGPT"],
)
def test_a_file_of_prompts(tmp_path: Path, text: str, asked: tuple[Question, ...]) -> None:
    (tmp_path / "prompts").write_text(text)
    assert questions_from(tmp_path / "prompts") == asked


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "at least one prompt"),
        ("[]", "at least one prompt"),
        ("Hi\n", "malformed"),
        ('{"prompt": "Hi"}\n{"text": "Hi"}', "entry 2: expected prompt, messages or conversations"),
        ('{"prompt": "Hi", "max_tokens": "five"}', "entry 1: Expected `int"),
        ('{"messages": [{"role": "user"}]}', "entry 1: Object missing required field `content`"),
        ('[{"conversations": [{"from": "gpt", "value": "Hi"}]}]', "entry 1: expected"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_entry(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "prompts").write_text(text)
    with pytest.raises(PromptsError, match=named):
        questions_from(tmp_path / "prompts")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(PromptsError, match="No such file"):
        questions_from(tmp_path / "none")
