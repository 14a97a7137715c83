import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from mockllm import Settings, create_app
from tests.mockllm.calls import chat_body


@pytest.fixture
def client() -> FlaskClient:
    return create_app(Settings(profile="instant", api_key="right", faults="server_error 100%")).test_client()


def test_rules_are_given_listed_and_taken_back(client: FlaskClient) -> None:
    rule = {"when": {"text": "rivers"}, "answer": {"text": "Wet.", "fault": "noop"}}
    assert client.post("/mock/rules", json=rule).status_code == 201
    headers = {"Authorization": "Bearer right"}
    answer = client.post("/v1/chat/completions", data=chat_body(), headers=headers)
    assert answer.json is not None
    assert answer.json["choices"][0]["message"]["content"] == "Wet."
    assert client.get("/mock/rules").json == {"rules": [{**rule, "used": 1}]}
    assert client.delete("/mock/rules").status_code == 204
    assert client.get("/mock/rules").json == {"rules": []}


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "The body is not valid JSON"),
        (b"\xff", 400, "The body is not valid JSON"),
        (b"[" * 100_000, 400, "The body is not valid JSON"),
        (b"[]", 400, "expected a mapping with when, answer or times"),
        (b'{"answer": {"ttft": -1}}', 400, "answer.ttft: expected milliseconds"),
        (b'"' + b"x" * 5_000_000 + b'"', 413, "The body is too large"),
    ],
)
def test_what_makes_no_rule_is_refused(client: FlaskClient, body: bytes, status: int, message: str) -> None:
    answer = client.post("/mock/rules", data=body)
    assert answer.status_code == status
    error: dict[str, Any] = json.loads(answer.data)["error"]
    assert message in error["message"]


def test_a_reset_takes_them_back_too(client: FlaskClient) -> None:
    client.post("/mock/rules", json={"answer": "x"})
    client.post("/mock/reset")
    assert client.get("/mock/rules").json == {"rules": []}


def test_an_expression_that_would_take_too_long_on_a_text_is_told() -> None:
    app = create_app(Settings(profile="instant")).test_client()
    rule = {"when": {"regex": r"(?=.*a)(?=.*b)z"}, "answer": "x"}
    assert app.post("/mock/rules", json=rule).status_code == 201
    for text, status in (("ab" * 100, 200), ("ab" * 5000, 400)):
        answer = app.post("/v1/responses", json={"model": "mock-tokens1", "input": text})
        assert answer.status_code == status
    assert answer.get_json()["error"]["code"] == "costly_regex"
    assert "texts of at most 4096 characters, got 10000" in answer.get_json()["error"]["message"]
