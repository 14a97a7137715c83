"""What is asked again after a refusal, and what is remembered."""

import pytest

from webapp.upstream.questions.dialects import (
    DIALECTS,
    MOST_REMEMBERED,
    NEWER,
    Dialect,
    Dialects,
    after_refusal,
)

SENT = {"max_tokens", "stream_options", "include_usage", "temperature", "reasoning_effort"}


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            Dialect("max_completion_tokens", frozenset({"max_tokens"})),
        ),
        ("body.stream_options: Extra inputs", Dialect(without=frozenset({"stream_options"}))),
        ("temperature does not support 0.2", Dialect(without=frozenset({"temperature"}))),
        ("my_temperature_sensor is hot", None),
        ("no", None),
    ],
)
def test_a_field_that_a_refusal_names_is_left_out(words: str, right: Dialect | None) -> None:
    assert after_refusal(Dialect(), SENT, words) == right


def test_who_takes_neither_name_of_the_limit_is_asked_without() -> None:
    first = after_refusal(Dialect(), {"max_tokens"}, "max_tokens: extra")
    assert first is not None
    second = after_refusal(first, {"max_completion_tokens"}, "max_completion_tokens: extra")
    assert second is not None
    assert second.limit_name is None


def test_fields_that_continue_are_left_out_together() -> None:
    sent = {"continue_final_message", "add_generation_prompt"}
    assert after_refusal(DIALECTS["vllm"], sent, "add_generation_prompt: extra") == Dialect()
    assert after_refusal(Dialect(prefix=True), {"prefix"}, "prefix: extra") == Dialect()


def test_what_worked_is_remembered_for_the_model_alone() -> None:
    dialects = Dialects("auto", "example.com")
    dialects.learn("a", NEWER)
    assert (dialects.of("a"), dialects.of("b")) == (NEWER, Dialect())


def test_made_up_models_do_not_fill_the_memory() -> None:
    dialects = Dialects("auto", "example.com")
    for number in range(3 * MOST_REMEMBERED):
        dialects.learn(str(number), NEWER)
    assert len(dialects._learnt) <= MOST_REMEMBERED


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("api.openai.com", "max_completion_tokens"),
        ("r.openai.azure.com", "max_completion_tokens"),
        ("r.services.ai.azure.com", "max_completion_tokens"),
        ("notopenai.com", "max_tokens"),
        ("127.0.0.1", "max_tokens"),
    ],
)
def test_openais_own_hosts_take_the_newer_name(host: str, name: str) -> None:
    assert Dialects("auto", host).of("m").limit_name == name
