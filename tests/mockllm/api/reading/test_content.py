"""Files and sounds count for what they are, and what is none is refused."""

import json
from typing import Any

import openai
import pytest

from mockllm.api.reading import audio, file
from mockllm.values.errors import ApiError


def said(part: dict[str, Any]) -> Any:
    return [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, part]}]


def test_files_and_sounds_are_counted(client: openai.OpenAI) -> None:
    plain = client.chat.completions.create(
        model="mock", messages=[{"role": "user", "content": "What is this?"}]
    )
    paper = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}}
    sound = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}
    counts = []
    for part in (paper, sound):
        chat = client.chat.completions.create(model="mock", messages=said(part))
        assert chat.usage
        assert plain.usage
        assert chat.choices[0].message.content != plain.choices[0].message.content
        details = chat.usage.prompt_tokens_details
        assert details
        counts.append((chat.usage.prompt_tokens - plain.usage.prompt_tokens, details.audio_tokens))
    assert counts == [(1000, 0), (10, 10)]


@pytest.mark.parametrize("source", [{"file_id": "f"}, {"file_url": "https://x/a.pdf"}, {"file_data": "AAAA"}])
def test_a_response_takes_files(client: openai.OpenAI, source: Any) -> None:
    content = [{"type": "input_file", **source}, {"type": "input_text", "text": "x"}]
    response = client.responses.create(model="mock", input=[{"role": "user", "content": content}])
    assert response.usage
    assert response.usage.input_tokens > 1000


def test_a_longer_one_counts_for_more() -> None:
    assert file("x" * 250_000, "file").tokens == 3000
    assert audio("AAAA" * 16_000, "mp3", "sound").tokens == 40


@pytest.mark.parametrize(
    ("part", "param"),
    [
        ({"type": "file"}, "messages[0].content[1].file"),
        ({"type": "file", "file": {}}, "messages[0].content[1].file"),
        ({"type": "input_audio"}, "messages[0].content[1].input_audio"),
        ({"type": "input_audio", "input_audio": {"data": "?", "format": "wav"}}, "messages[0].content[1].input_audio.data"),
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "ogg"}}, "messages[0].content[1].input_audio.format"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(client: openai.OpenAI, part: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="mock", messages=said(part))
    assert caught.value.param == param


def test_no_base64_is_no_sound() -> None:
    with pytest.raises(ApiError, match="base64"):
        audio("", "wav", "sound")
    assert json.dumps(file("x", "f").tokens) == "1000"
