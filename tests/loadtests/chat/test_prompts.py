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
        ('\ufeff{"prompt": "Hi"}\r\n\r\n  \n{"prompt": "Hi"}', (ONE, ONE)),
        (
            '{"messages": [{"role": "user", "content": [{"type": "text", "text": "H"}, {"text": "i"}]}]}',
            (ONE,),
        ),
        (
            '{"custom_id": "7", "url": "/v1", "body": {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}}',
            (ONE,),
        ),
        (
            '[{"id": "x", "conversations": [{"role": "user", "content": "Hi"}, {"role": "assistant"}]}]',
            (ONE,),
        ),
        ('{"prompt": "Hi", "max_tokens": null, "max_completion_tokens": 5}', (Question(ONE.messages, 5),)),
    ],
    ids=["prompt", "messages", "ShareGPT", "BOM and CRLF", "parts", "batch", "roles", "completion tokens"],
)
def test_a_file_of_prompts(tmp_path: Path, text: str, asked: tuple[Question, ...]) -> None:
    (tmp_path / "prompts").write_bytes(text.encode())
    assert questions_from(tmp_path / "prompts") == asked


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "at least one prompt"),
        ("[]", "at least one prompt"),
        ("Hi\n", "line 1: expected JSON: JSON is malformed"),
        ('{"prompt": "Hi"}\n{', "line 2: expected JSON: Input data was truncated"),
        (
            '{"prompt": "Hi"}\n\n{"text": "Hi"}',
            "line 3: expected prompt, messages or conversations, got text",
        ),
        ('"Hi"', "line 1: expected an object with prompt, messages or conversations, got 'Hi'"),
        ('{"prompt": ""}', "line 1: prompt: expected text, got ''"),
        ('{"prompt": ["Hi"]}', "line 1: prompt: expected text, got ..Hi.."),
        (
            '{"prompt": "Hi", "max_tokens": "five"}',
            "line 1: max_tokens: expected a whole number from 1 up, got 'five'",
        ),
        ('{"prompt": "Hi", "max_tokens": 0}', "line 1: max_tokens: expected a whole number from 1 up, got 0"),
        ('{"messages": []}', r"line 1: messages: expected an array of at least one, got \[\]"),
        ('{"messages": [{"role": "user"}]}', r"line 1: messages\[0\].content: expected text, got None"),
        ('[{"messages": ["Hi"]}]', r"entry 1: messages\[0\]: expected an object, got 'Hi'"),
        (
            '[{"conversations": [{"from": "gpt", "value": "Hi"}]}]',
            r"entry 1: conversations\[0\].from: expected human",
        ),
        (
            '[{"conversations": [{"from": "human", "value": 7}]}]',
            r"entry 1: conversations\[0\].value: expected text, got 7",
        ),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_line_and_field(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "prompts").write_bytes(text.encode())
    with pytest.raises(PromptsError, match=named):
        questions_from(tmp_path / "prompts")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(PromptsError, match="No such file"):
        questions_from(tmp_path / "none")
