import time

import msgspec
import pytest

from webapp.chat.errors import RefusedError
from webapp.chat.messages import ChatRequest, Message, parse_chat_request
from webapp.configuration.settings import Settings

SETTINGS = Settings(
    model="mock", models="mock*,other", max_messages=3, max_message_chars=10, max_output_tokens=100
)


def parsed(body: bytes, settings: Settings = SETTINGS) -> ChatRequest:
    return parse_chat_request(body, settings)


def refusal(body: bytes, settings: Settings = SETTINGS) -> tuple[str, str | None, str]:
    with pytest.raises(RefusedError) as caught:
        parse_chat_request(body, settings)
    return caught.value.code, caught.value.param, caught.value.message


def test_a_prompt_is_short_for_one_user_message() -> None:
    assert parsed(b'{"prompt": "Hi"}') == ChatRequest(
        messages=(Message("user", "Hi"),), model="mock", max_tokens=100, temperature=None, stream=True
    )


def test_every_field_is_taken() -> None:
    body = (
        b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],'
        b' "model": "mock-ttft0", "max_tokens": 5, "temperature": 1, "stream": false}'
    )
    assert parsed(body) == ChatRequest(
        messages=(Message("user", "Hi"), Message("assistant", "Hello")),
        model="mock-ttft0",
        max_tokens=5,
        temperature=1.0,
        stream=False,
    )


def test_null_means_not_given() -> None:
    assert parsed(b'{"prompt": "Hi", "model": null, "max_tokens": null, "stream": null}') == parsed(
        b'{"prompt": "Hi"}'
    )


def test_the_system_prompt_comes_first() -> None:
    settings = Settings(model="mock", system_prompt="Be brief.")
    assert parsed(b'{"prompt": "Hi"}', settings).messages == (
        Message("system", "Be brief."),
        Message("user", "Hi"),
    )


def test_system_messages_pass_if_the_operator_allows_them() -> None:
    settings = Settings(model="mock", allow_system_messages=True)
    body = b'{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}'
    assert parsed(body, settings).messages == (Message("system", "a"), Message("user", "b"))


def conversation(*messages: object) -> bytes:
    return msgspec.json.encode({"messages": messages})


def said(role: object, content: object) -> dict[str, object]:
    return {"role": role, "content": content}


@pytest.mark.parametrize(
    ("body", "code", "param", "message"),
    [
        (b"", "invalid_json", None, "The body is empty; expected a JSON object with `messages` or `prompt`."),
        (b"{", "invalid_json", None, "The body is not valid JSON."),
        (b'{"prompt": "\xff"}', "invalid_json", None, "The body is not valid JSON."),
        (b'{"prompt": "\\ud800"}', "invalid_json", None, "The body is not valid JSON."),
        (b'{"prompt": "a", "temperature": NaN}', "invalid_json", None, "The body is not valid JSON."),
        (b"[]", "invalid_request", None, "Expected `object`, got `array`"),
        (b"[" * 100_000, "invalid_request", None, "Expected `object`, got `array`"),
        (b"{}", "invalid_request", "messages", "messages: expected `messages` or `prompt`, got neither"),
        (
            b'{"prompt": "a", "messages": []}',
            "invalid_request",
            "prompt",
            "prompt: expected `messages` or `prompt`, got both",
        ),
        (b'{"prompt": "a", "n": 2}', "invalid_request", None, "Object contains unknown field `n`"),
        (
            b'{"prompt": "a", "%b": 2}' % (b"n" * 1000),
            "invalid_request",
            None,
            f"Object contains unknown field `{'n' * 169}",
        ),
        (b'{"prompt": 5}', "invalid_request", "prompt", "prompt: Expected `str | null`, got `int`"),
        (b'{"prompt": " \\n"}', "message_empty", "prompt", "prompt: expected some text, got none"),
        (
            b'{"prompt": "12345678901"}',
            "message_too_long",
            "prompt",
            "prompt: at most 10 characters, got 11",
        ),
        (b'{"messages": 5}', "invalid_request", "messages", "messages: Expected `array | null`, got `int`"),
        (conversation(), "invalid_request", "messages", "messages: expected at least 1 message, got 0"),
        (
            conversation({"role": "user"}),
            "invalid_request",
            "messages[0]",
            "messages[0]: Object missing required field `content`",
        ),
        (
            conversation(said("user", ["a"])),
            "invalid_request",
            "messages[0].content",
            "messages[0].content: Expected `str`, got `array`",
        ),
        (
            conversation(said("user", "a"), said("tool", "b")),
            "role_not_allowed",
            "messages[1].role",
            "messages[1].role: expected one of user, assistant, got 'tool'",
        ),
        (
            conversation(said("system", "a"), said("user", "b")),
            "role_not_allowed",
            "messages[0].role",
            "messages[0].role: expected one of user, assistant, got 'system'",
        ),
        (
            conversation(said("user", "12345678901")),
            "message_too_long",
            "messages[0].content",
            "messages[0].content: at most 10 characters, got 11",
        ),
        (
            b'{"prompt": "a", "model": "gpt"}',
            "model_not_allowed",
            "model",
            "model: expected one of mock*, other, got 'gpt'",
        ),
        (
            b'{"prompt": "a", "max_tokens": 0}',
            "max_tokens_out_of_range",
            "max_tokens",
            "max_tokens: from 1 to 100, got 0",
        ),
        (
            b'{"prompt": "a", "max_tokens": ' + b"9" * 100 + b"}",
            "max_tokens_out_of_range",
            "max_tokens",
            "max_tokens: from 1 to 100, got " + "9" * 60 + "…",
        ),
        (
            b'{"prompt": "a", "max_tokens": true}',
            "invalid_request",
            "max_tokens",
            "max_tokens: Expected `int | null`, got `bool`",
        ),
        (
            b'{"prompt": "a", "temperature": 2.5}',
            "temperature_out_of_range",
            "temperature",
            "temperature: from 0 to 2, got 2.5",
        ),
    ],
)
def test_bad_input_is_refused_by_field_limit_and_what_came(
    body: bytes, code: str, param: str | None, message: str
) -> None:
    assert refusal(body) == (code, param, message)


def test_the_last_message_is_answered_or_continued_so_it_is_not_the_systems() -> None:
    settings = Settings(model="mock", allow_system_messages=True)
    body = conversation(said("user", "a"), said("system", "b"))
    assert refusal(body, settings)[:2] == ("role_not_allowed", "messages[1].role")


@pytest.mark.parametrize("content", ["x", "x" * 40])
def test_no_conversation_takes_long_to_read(content: str) -> None:
    one = msgspec.json.encode(said("user", content))
    body = b'{"messages": [%b]}' % b",".join([one] * (1_000_000 // (len(one) + 1)))
    settings, took = Settings(model="mock"), list[float]()
    for _ in range(3):
        begun_at = time.thread_time()
        parse_chat_request(body, settings)
        took.append(time.thread_time() - begun_at)
    assert min(took) < 0.05
