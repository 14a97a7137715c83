from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.prompt import read_brief
from mockllm.text.tokens import tokenize
from mockllm.text.writing import write
from mockllm.values.draws import Draws, digest

ESSAY_PROMPT = "Write an 800-word essay on quantum mechanics"


def answer(prompt: str, tokens: int | None = None) -> str:
    return write(read_brief(prompt), Draws(digest(prompt)), tokens, essay_allowed=True)


def test_the_founding_prompt_gets_the_essay() -> None:
    assert answer(ESSAY_PROMPT) == FOUNDING_ESSAY
    assert 780 <= len(FOUNDING_ESSAY.split()) <= 820


def test_a_wanted_number_of_tokens_is_exact() -> None:
    for prompt in (ESSAY_PROMPT, "why", 'Tell me a long story about 日本 and "quotes"'):
        for tokens in (*range(1, 80), 400, 2000):
            assert len(tokenize(answer(prompt, tokens))) == tokens


def test_a_wanted_number_of_words_is_met_roughly() -> None:
    assert 90 < len(answer("Write 100 words about bees").split()) < 160


def test_one_sentence_and_a_list() -> None:
    assert answer("Explain bees in one sentence").count(".") == 1
    assert answer("A list of 4 facts about bees").splitlines()[-1].startswith("4. ")


def test_the_topic_is_taken_up() -> None:
    assert "rivers" in answer("Tell me about rivers")


def test_unusual_characters_come_back_verbatim() -> None:
    odd = '👨‍👩‍👧 🇩🇪 "a\\b"\t\u2028 日本\r\nend'
    assert odd in answer(odd)


def test_long_answers_have_headings_and_paragraphs() -> None:
    text = answer("Write a long article about bees", 900)
    assert text.startswith("# Bees\n\n")
    assert "\n\n## " in text
    assert "\n- " in text


def test_answers_to_two_prompts_differ() -> None:
    assert answer("Tell me about rivers")[:80] != answer("Tell me about trees")[:80]
