"""The figures in refusals: servers' own sentences, with other numbers."""

from __future__ import annotations

import time

import pytest

from webapp.upstream.failures.words import code_of_words, gist
from webapp.upstream.questions.room import Room, most_tokens, room

MOST = {
    "OpenAI": "max_tokens is too large: 40000. This model supports at most 16384 completion tokens, whereas you provided 40000.",
    "Groq": "`max_tokens` must be less than or equal to `16384`, the maximum value for `max_tokens` is less than the `context_window` for this model",
    "DeepSeek": "Invalid max_tokens value, the valid range of max_tokens is [1, 16384]",
    "DashScope": "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 16384]",
    "Anthropic": "max_tokens: 40000 > 16384, which is the maximum allowed number of output tokens for claude-x",
    "Gemini": "Unable to submit request because it has a maxOutputTokens value of 40000 but the supported range is from 1 (inclusive) to 16385 (exclusive).",
    "Bedrock": "The maximum tokens you requested exceeds the model limit of 16384. Try again with a maximum tokens value that is lower than 16384.",
    "Qianfan": "the parameter max_output_tokens must be in range [2, 16384]",
    "pydantic": "{'detail': [{'loc': ['body', 'max_tokens'], 'msg': 'Input should be less than or equal to 16384', 'input': 40000}]}",
    "in short": "max_tokens must be <= 16384, got 40000",
}  # fmt: skip
LEFT = {
    "OpenAI": "This model's maximum context length is 8192 tokens. However, you requested 8193 tokens (92 in the messages, 8101 in the completion). Please reduce the length of the messages or completion.",
    "vLLM": "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context length is 8192 tokens and your request has 92 input tokens (9000 > 8192 - 92).",
    "SGLang": "Requested token count exceeds the model's maximum context length of 8192 tokens. You requested a total of 9092 tokens: 92 tokens from the input messages and 9000 tokens for the completion.",
    "TGI": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192. Given: 92 `inputs` tokens and 9000 `max_new_tokens`",
    "OpenRouter": "This endpoint's maximum context length is 8192 tokens. However, you requested about 9092 tokens (92 of text input, 9000 in the output). Please reduce the length of either one.",
    "Anthropic": "input length and `max_tokens` exceed context limit: 92 + 9000 > 8192, decrease input length or `max_tokens` and try again",
}  # fmt: skip
FULL = {
    "OpenAI": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    "llama.cpp": "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
    "llama-cpp-python": "Requested tokens (9000) exceed context window of 8192",
    "SGLang": "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    "xAI": "This model's maximum prompt length is 8192 but the request contains 9000 tokens.",
    "Mistral": "Prompt contains 9000 tokens and 0 draft tokens, too large for model with 8192 maximum context length",
    "Gemini": "The input token count (9000) exceeds the maximum number of tokens allowed (8192).",
    "Cohere": "too many tokens: total number of tokens in the prompt cannot exceed 8192 - received 9000.",
    "Anthropic": "prompt is too long: 9000 tokens > 8192 maximum",
    "Groq": "Request too large for model `m` on tokens per minute (TPM): Limit 8192, Requested 9000, please reduce",
}  # fmt: skip
NOTHING = (
    "the request exceeds the available context size, try increasing it",
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "",
)


@pytest.mark.parametrize("words", MOST.values(), ids=MOST)
def test_the_longest_answer_of_a_model(words: str) -> None:
    assert most_tokens(words) == 16384
    assert room(words) is None


@pytest.mark.parametrize("words", LEFT.values(), ids=LEFT)
def test_what_a_question_leaves_of_the_context(words: str) -> None:
    assert room(words) == Room(8192, 92)
    assert most_tokens(words) is None


@pytest.mark.parametrize("words", NOTHING)
def test_where_there_are_no_such_figures(words: str) -> None:
    assert most_tokens(words) is room(words) is None


@pytest.mark.parametrize("words", FULL.values(), ids=FULL)
def test_a_question_that_is_longer_than_the_context(words: str) -> None:
    assert room(words) == Room(8192, 9000)


HOSTILE = (
    "9" * 100_000,
    "model " * 20_000,
    "max_output_tokens " * 6_000,
    "context length of 1 tokens" * 4_000,
    "prompt is too long: " + "9" * 50_000 + " tokens > " + "9" * 50_000,
    "at most " + "9" * 50_000 + " completion tokens",
)
"""What no server says: rows in which a pattern could begin anywhere, figures that no number holds."""


@pytest.mark.parametrize("words", HOSTILE, ids=[words[:20] for words in HOSTILE])
def test_no_words_take_long_to_read(words: str) -> None:
    begun_at = time.thread_time()
    assert most_tokens(gist(words)) is None
    assert room(gist(words)) is None
    code_of_words(words)
    assert time.thread_time() - begun_at < 0.3


def test_of_long_words_the_beginning_and_the_end_are_read() -> None:
    quoted = "x" * 100_000
    assert room(gist(f"prompt is too long: 9000 tokens > 8192 maximum. {quoted}")) == Room(8192, 9000)
    assert room(gist(f"{quoted} prompt is too long: 9000 tokens > 8192 maximum")) == Room(8192, 9000)
    assert len(gist(quoted)) < 5_000
