"""What a request uses up of the rules, and what is kept of it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from mockllm import Settings, create_app

X: Any = [{"role": "user", "content": "x"}]
CHAT = ("/v1/chat/completions", {"model": "m", "messages": X})


@pytest.fixture
def client() -> FlaskClient:
    return create_app(Settings(profile="instant")).test_client()


def give(client: FlaskClient, **rule: Any) -> None:
    assert client.post("/mock/rules", json=rule).status_code == 201


def post(client: FlaskClient, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    answer = client.post(path, json=body, headers={name.replace("_", "-"): headers[name] for name in headers})
    return answer.status_code, answer.json


def say(client: FlaskClient, **headers: str) -> str:
    status, answer = post(client, *CHAT, **headers)
    assert status == 200, answer
    return str(answer["choices"][0]["message"]["content"])


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/messages/count_tokens", {"model": "c", "messages": X}, 200),
        ("/v1beta/models/m:countTokens", {"contents": [{"parts": [{"text": "x"}]}]}, 200),
        ("/v1/responses/input_tokens", {"model": "m", "input": "x"}, 200),
        ("/v1/responses/compact", {"model": "m", "input": "x"}, 200),
        ("/v1/embeddings", {"model": "m", "input": "x"}, 200),
        ("/v1/moderations", {"input": "x"}, 200),
        (CHAT[0], {**CHAT[1], "tool_choice": "required"}, 400),
        (CHAT[0], {**CHAT[1], "mock": {"fault": "server_error"}}, 500),
        (CHAT[0], {**CHAT[1], "mock": {"tokens": 0}}, 400),
    ],
)
def test_what_gives_no_answer_uses_none_up(client: FlaskClient, path: str, body: Any, status: int) -> None:
    give(client, answer="Once.", times=1)
    give(client, answer=["First.", "Second."])
    assert post(client, path, body)[0] == status
    assert [say(client) for _ in range(3)] == ["Once.", "First.", "Second."]


def test_a_fault_strikes_what_gives_no_answer_too(client: FlaskClient) -> None:
    give(client, answer={"fault": "rate_limit"}, times=1)
    counted = [post(client, "/v1/messages/count_tokens", {"model": "c", "messages": X})[0] for _ in range(2)]
    assert counted == [429, 200]


def test_an_answer_waits_for_the_attempt_that_no_fault_refuses(client: FlaskClient) -> None:
    give(client, answer="Once.", times=1)
    give(client, answer={"fault": "server_error"}, times=1)
    assert post(client, *CHAT)[0] == 500
    assert say(client) == "Once."


def test_vectors_and_words_do_not_hide_each_other(client: FlaskClient) -> None:
    give(client, answer={"embedding": [1.0, 2.0]}, times=1)
    give(client, answer="Words.")
    assert say(client) == "Words."
    answer = post(client, "/v1/embeddings", {"model": "m", "input": "x", "encoding_format": "float"})[1]
    assert answer["data"][0]["embedding"] == [1.0, 2.0]


def test_a_refused_answer_is_not_kept_and_its_retry_is_as_without_the_fault(client: FlaskClient) -> None:
    said = []
    for fault in ({}, {"fault": "rate_limit:1*1"}):
        client.post("/mock/reset")
        key = post(client, "/v1/conversations", {})[1]["id"]
        body = {"model": "m", "input": "hello", "conversation": key, "mock": {"seed": 7, **fault}}
        attempts = [post(client, "/v1/responses", body, X_Stainless_Retry_Count=str(n)) for n in (0, 1)]
        said.append(attempts[1 if fault else 0][1]["output"][0]["content"][0]["text"])
        items = client.get(f"/v1/conversations/{key}/items").json
        assert items
        assert len(items["data"]) == (2 if fault else 4)
    assert said[0] == said[1]


def test_a_refused_completion_is_not_stored(client: FlaskClient) -> None:
    assert post(client, CHAT[0], {**CHAT[1], "store": True, "mock": {"fault": "server_error"}})[0] == 500
    stored = client.get(CHAT[0]).json
    assert stored
    assert stored["data"] == []


def test_other_answers_to_the_same_words_have_other_names(client: FlaskClient) -> None:
    give(client, answer="first", times=1)
    give(client, answer="second", times=1)
    give(client, when={"header": {"X-Tenant": "a"}}, answer="for a")
    give(client, when={"header": {"X-Tenant": "b"}}, answer="for b")
    asked = [{"X_Tenant": each} for each in ("a", "a", "a", "b")]
    answers = [post(client, "/v1/responses", {"model": "m", "input": "go"}, **each)[1] for each in asked]
    give(client, answer="given later")
    answers.append(post(client, "/v1/responses", {"model": "m", "input": "go"})[1])
    assert len({answer["id"] for answer in answers}) == 5
    shown = [client.get(f"/v1/responses/{answer['id']}").json or {} for answer in answers]
    assert [each["output"][0]["content"][0]["text"] for each in shown] == [
        "first",
        "second",
        "for a",
        "for b",
        "given later",
    ]


def test_a_strict_server_explains_what_no_pattern_may_be_tried_on() -> None:
    client = create_app(Settings(profile="instant", strict=True)).test_client()
    give(client, when={"model": "x", "regex": "(?=a)b"}, answer="a")
    long = [{"role": "user", "content": "b" * 5_000}]
    status, answer = post(client, CHAT[0], {**CHAT[1], "messages": long})
    assert (status, answer["error"]["code"]) == (400, "no_rule")
    assert answer["error"]["message"].endswith("wants model 'x' and regex '(?=a)b'")
