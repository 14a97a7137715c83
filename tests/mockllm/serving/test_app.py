"""The routes over real HTTP: status, headers and OpenAI's error body for every kind of bad input."""

import json
from typing import Any

import pytest

from mockllm import Settings, create_app
from tests.mockllm.calls import Caller, chat_body


def test_headers_of_a_stream(caller: Caller) -> None:
    headers = caller.chat(stream=True).headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["x-request-id"].startswith("req_")
    assert headers["openai-version"] == "2020-10-01"
    assert headers["openai-processing-ms"] == "0"
    limits = {name for name in headers if name.startswith("x-ratelimit-")}
    kinds = ("requests", "tokens")
    assert limits == {
        f"x-ratelimit-{part}-{kind}" for part in ("limit", "remaining", "reset") for kind in kinds
    }


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/nowhere"])
def test_headers_of_an_error(caller: Caller, path: str) -> None:
    headers = caller.call("POST", path, b"{}").headers
    assert headers["x-request-id"].startswith("req_")
    assert headers["openai-version"] == "2020-10-01"
    assert int(headers["openai-processing-ms"]) >= 0


@pytest.mark.parametrize(
    ("fields", "status", "param"),
    [
        ({"messages": []}, 400, "messages"),
        ({"messages": None}, 400, "messages"),
        ({"messages": "hi"}, 400, "messages"),
        ({"messages": [{"content": "hi"}]}, 400, "messages[0].role"),
        ({"messages": [{"role": "robot", "content": "hi"}]}, 400, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, 400, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 5}]}, 400, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"text": "x"}]}]}, 400, "messages[0].content[0].type"),
        ({"model": ""}, 400, "model"),
        ({"model": 7}, 400, "model"),
        ({"model": "mock-itl5-warp"}, 400, "model"),
        ({"max_tokens": 0}, 400, "max_tokens"),
        ({"max_tokens": 1.5}, 400, "max_tokens"),
        ({"max_completion_tokens": "9"}, 400, "max_completion_tokens"),
        ({"n": 0}, 400, "n"),
        ({"n": 10**30}, 400, "n"),
        ({"temperature": 3}, 400, "temperature"),
        ({"top_p": "x"}, 400, "top_p"),
        ({"stop": ["a", "b", "c", "d", "e"]}, 400, "stop"),
        ({"stream": "yes"}, 400, "stream"),
        ({"stream_options": {"include_usage": True}}, 400, "stream_options"),
        ({"mock": {"warp": 9}}, 400, "mock.warp"),
        ({"mock": []}, 400, "mock"),
        ({"service_tier": "gold"}, 400, "service_tier"),
    ],
)
def test_bad_parameters_are_named(caller: Caller, fields: dict[str, Any], status: int, param: str) -> None:
    reply = caller.chat(**fields)
    assert (reply.status, reply.error["param"]) == (status, param)
    assert reply.error["type"] == "invalid_request_error"
    assert reply.error["message"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'{"messages":[{"role":"user","content":"\\ud800"}]}'],
    ids=["empty", "half", "list", "null", "string", "not UTF-8", "deep list", "deep object", "lone surrogate"],
)  # fmt: skip
def test_what_is_no_request_is_refused(caller: Caller, body: bytes) -> None:
    reply = caller.call("POST", "/v1/chat/completions", body)
    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")


def test_a_missing_parameter_is_named(caller: Caller) -> None:
    reply = caller.call("POST", "/v1/chat/completions", b'{"model":"mock"}')
    assert reply.error == {
        "message": "Missing required parameter: 'messages'.",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "missing_required_parameter",
    }


def test_fields_of_tomorrow_are_accepted(caller: Caller) -> None:
    reply = caller.chat(
        verbosity="low", tomorrow={"a": [1]}, messages=[{"role": "user", "content": "x", "extra": 1}]
    )
    assert reply.status == 200


def test_a_body_above_ten_megabytes_is_refused(caller: Caller) -> None:
    reply = caller.chat(user="x" * 10 * 1024 * 1024)
    assert (reply.status, reply.error["code"]) == (413, "request_too_large")


def test_a_body_of_two_megabytes_is_answered(caller: Caller) -> None:
    assert caller.chat(messages=[{"role": "user", "content": "river " * 350_000}]).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("POST", "/", 404),
        ("PUT", "/v1/chat/completions", 405),
        ("DELETE", "/v1/models", 405),
        ("DELETE", "/v1/models/gpt-4o", 403),
        ("GET", "/v1/embeddings", 405),
        ("GET", "/v1/responses", 405),
    ],
)
def test_unknown_urls_and_methods(caller: Caller, method: str, path: str, status: int) -> None:
    reply = caller.call(method, path)
    assert (reply.status, set(reply.error)) == (status, {"message", "type", "param", "code"})


def test_the_methods_that_a_path_allows_are_told_in_order(caller: Caller) -> None:
    reply = caller.call("PUT", "/v1/conversations/conv_1")
    assert reply.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "path", ["/v1/files", "/v1/audio/speech", "/v1/vector_stores/vs_1/files", "/v1/realtime"]
)
def test_what_the_mock_alone_lacks_is_said_to_be_its_lack(caller: Caller, path: str) -> None:
    reply = caller.call("POST", path)
    assert (reply.status, reply.error["code"]) == (404, "unknown_url")
    assert reply.error["message"].endswith("this mock of it has not")


def test_health(caller: Caller) -> None:
    told = json.loads(caller.call("GET", "/healthz").body)
    assert told["status"] == "ok"
    assert told["saturated"] is (told["lateness"]["p99_ms"] > told["lateness"]["limit_ms"] == 5.0)


def test_models(caller: Caller) -> None:
    names = [model["id"] for model in json.loads(caller.call("GET", "/v1/models").body)["data"]]
    assert {"mock", "mock-instant", "mock-founding"} <= set(names)
    assert json.loads(caller.call("GET", "/v1/models/org/any-name").body)["id"] == "org/any-name"
    assert caller.call("GET", "/v1/models/mock-itl5-warp").status == 400


def test_listed_models_only() -> None:
    client = create_app(Settings(models="gpt-*, mock-instant", profile="instant")).test_client()
    statuses = {
        model: client.post("/v1/chat/completions", data=chat_body(model=model)).status_code
        for model in ("gpt-4o", "mock-instant", "llama")
    }
    assert statuses == {"gpt-4o": 200, "mock-instant": 200, "llama": 404}
    assert client.delete("/v1/models/llama").status_code == 404


def test_the_wrong_key_is_refused() -> None:
    client = create_app(Settings(api_key="right", profile="instant")).test_client()
    refused = client.get("/v1/models", headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="OpenAI API"'
    assert client.get("/v1/models", headers={"Authorization": "Bearer right"}).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_any_wsgi_server_can_stream_it() -> None:
    client = create_app(Settings(profile="instant")).test_client()
    body = client.post("/v1/chat/completions", data=chat_body(stream=True)).data
    assert body.startswith(b"data: {")
    assert body.endswith(b"data: [DONE]\n\n")


def test_health_is_where_vllms_tools_look(caller: Caller) -> None:
    assert json.loads(caller.call("GET", "/health").body)["status"] == "ok"


@pytest.mark.parametrize(
    ("path", "param"),
    [
        ("/v1/responses/r/input_items?limit=" + "9" * 5000, "limit"),
        ("/v1/chat/completions?limit=%D9%A3", "limit"),
        ("/v1/chat/completions?limit=0", "limit"),
        ("/mock/requests?after=" + "9" * 5000, "after"),
    ],
)
def test_numbers_in_a_query_that_are_none(path: str, param: str) -> None:
    app = create_app(Settings(profile="instant")).test_client()
    kept = app.post("/v1/responses", json={"model": "mock-tokens1", "input": "Hi"}).get_json()["id"]
    answer = app.get(path.replace("/r/", f"/{kept}/"))
    assert (answer.status_code, answer.get_json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("after", ["--5", "9" * 5000, "²"])
def test_a_stream_is_not_resumed_behind_what_is_no_number(after: str) -> None:
    app = create_app(Settings(profile="instant")).test_client()
    kept = app.post("/v1/responses", json={"model": "mock-tokens1", "input": "Hi"}).get_json()["id"]
    query = {"stream": "true", "starting_after": after}
    answer = app.get(f"/v1/responses/{kept}", query_string=query)
    assert (answer.status_code, answer.get_json()["error"]["param"]) == (400, "starting_after")


def test_what_is_due_leaves_before_a_request_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that come together would hold up every stream for as long as all of them take."""
    app, caught_up = create_app(Settings()), []
    monkeypatch.setattr(app.extensions["mockllm"], "catch_up", lambda: caught_up.append(True))
    app.test_client().post("/v1/moderations", json={"input": "Hi"})
    assert caught_up
