"""What legacy completions answer, seen by the vendor's client."""

from typing import Any

import openai
import pytest

PROMPT = "Tell me about rivers"


def whole(client: openai.OpenAI, **fields: Any) -> Any:
    return client.completions.create(**{"model": "mock", "prompt": PROMPT, **fields})


def test_the_limit_is_16_unless_something_else_is_asked_for(client: openai.OpenAI) -> None:
    def length(**fields: Any) -> tuple[int, str]:
        answer = whole(client, **fields)
        return answer.usage.completion_tokens, answer.choices[0].finish_reason

    assert length() == (16, "length")
    assert length(max_tokens=5) == (5, "length")
    assert length(model="mock-tokens40") == (40, "stop")
    assert length(max_tokens=0) == (0, "length")


def test_the_text_is_what_a_chat_gets(client: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": PROMPT}]
    chat = client.chat.completions.create(model="mock-tokens30", messages=messages).choices[0].message.content
    assert whole(client, model="mock-tokens30").choices[0].text == chat


def test_each_prompt_gets_n_answers(client: openai.OpenAI) -> None:
    texts = [choice.text for choice in whole(client, prompt=["a river", "a sea"], n=2).choices]
    alone = [choice.text for choice in whole(client, prompt="a sea", n=2).choices]
    assert texts[2:] == alone
    assert len(set(texts)) == 4


@pytest.mark.parametrize(
    "fields", [{}, {"echo": True}, {"echo": True, "logprobs": 2}, {"suffix": "The end.", "n": 2}]
)
def test_a_stream_adds_up_to_the_whole(client: openai.OpenAI, fields: Any) -> None:
    expected = whole(client, **fields)
    chunks = list(whole(client, stream=True, **fields))
    for choice in expected.choices:
        parts = [each for chunk in chunks for each in chunk.choices if each.index == choice.index]
        assert "".join(part.text for part in parts) == choice.text
        assert [part.finish_reason for part in parts][-1] == choice.finish_reason
        if choice.logprobs:
            tokens = [token for part in parts if part.logprobs for token in part.logprobs.tokens]
            assert tokens == choice.logprobs.tokens
            offsets = [place for part in parts if part.logprobs for place in part.logprobs.text_offset]
            assert offsets == choice.logprobs.text_offset


def test_echo_repeats_the_prompt_and_rates_it(client: openai.OpenAI) -> None:
    choice = whole(client, echo=True, logprobs=3, max_tokens=2).choices[0]
    assert choice.text.startswith(PROMPT)
    rated = choice.logprobs
    assert "".join(rated.tokens) == choice.text
    assert [
        choice.text[place:][: len(token)]
        for place, token in zip(rated.text_offset, rated.tokens, strict=True)
    ] == rated.tokens
    assert {len(top) for top in rated.top_logprobs} == {3}


def test_a_suffix_matters_and_counts(client: openai.OpenAI) -> None:
    plain, ended = whole(client), whole(client, suffix="The end.")
    assert ended.choices[0].text != plain.choices[0].text
    assert ended.usage.prompt_tokens > plain.usage.prompt_tokens


def test_a_refusal_is_text_here(client: openai.OpenAI) -> None:
    assert whole(client, extra_body={"mock": {"refusal": "No."}}).choices[0].text == "No."
