import re
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockllm import MockLLMServer
from webapp import create_app
from webapp.configuration.settings import Settings
from webapp.http import views

JSON = "application/json"


def ask(
    client: FlaskClient, accept: str | None = None, headers: dict[str, str] | None = None, **body: Any
) -> TestResponse:
    sent = {**({"Accept": accept} if accept else {}), **(headers or {})}
    return client.post("/chat", json={"prompt": "What is a token?", **body}, headers=sent)


def objects(body: bytes) -> list[dict[str, Any]]:
    """The objects of a stream of server-sent events that holds nothing else."""
    events = body.decode().split("\n\n")
    assert events.pop() == ""
    assert all(re.fullmatch(r"data: \{.*\}", event) for event in events)
    return [msgspec.json.decode(event.removeprefix("data: ")) for event in events]


def text_of(stream: list[dict[str, Any]]) -> str:
    return "".join(item["text"] for item in stream if item["type"] == "delta")


def test_a_stream_is_start_deltas_done(client: FlaskClient) -> None:
    stream = objects(ask(client).data)
    kinds = [item["type"] for item in stream]
    assert kinds == ["start", *["delta"] * (len(stream) - 2), "done"]
    assert stream[0]["model"] == "mock-ttft0-itl0-tokens20"
    assert re.fullmatch(r"chat_[0-9a-f]{32}", stream[0]["id"])
    done = stream[-1]
    assert done["finish_reason"] == "stop"
    assert done["usage"]["completion_tokens"] == 20
    assert (
        0
        < done["timing"]["upstream_first_token_ms"]
        <= done["timing"]["first_token_ms"]
        <= done["timing"]["total_ms"]
    )


def test_the_headers_of_a_stream(client: FlaskClient) -> None:
    response = ask(client)
    expected = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-cache, no-transform",
        "X-Accel-Buffering": "no",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: response.headers[name] for name in expected} == expected
    assert "Content-Length" not in response.headers


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/event-stream; charset=utf-8"),
        ("*/*", "text/event-stream; charset=utf-8"),
        ("text/*", "text/event-stream; charset=utf-8"),
        ("text/event-stream", "text/event-stream; charset=utf-8"),
        ("application/x-ndjson", "application/x-ndjson; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("application/json", JSON),
        ("application/json;q=0.5, text/event-stream", "text/event-stream; charset=utf-8"),
    ],
)
def test_accept_chooses_the_format(client: FlaskClient, accept: str | None, content_type: str) -> None:
    assert ask(client, accept).headers["Content-Type"] == content_type


def test_a_long_accept_is_understood_and_not_remembered(client: FlaskClient) -> None:
    remembered = views._known_best_of.cache_info().currsize
    response = ask(client, accept=f"text/plain, text/{'x' * 10_000}")
    assert response.content_type == "text/plain; charset=utf-8"
    assert views._known_best_of.cache_info().currsize == remembered


def test_all_formats_hold_the_same_text(client: FlaskClient) -> None:
    text = text_of(objects(ask(client).data))
    lines = [msgspec.json.decode(line) for line in ask(client, "application/x-ndjson").data.splitlines()]
    assert text
    assert text_of(lines) == text
    assert ask(client, "text/plain").text == text
    assert ask(client, JSON).get_json()["text"] == text


@pytest.mark.parametrize("how", [{"accept": JSON}, {"stream": False}])
def test_the_blocking_mode_answers_with_one_object(client: FlaskClient, how: dict[str, Any]) -> None:
    answer = ask(client, **how).get_json()
    assert answer.keys() == {"id", "model", "text", "finish_reason", "usage", "timing"}
    assert answer["finish_reason"] == "stop"
    assert answer["usage"]["completion_tokens"] == 20
    assert answer["timing"]["first_token_ms"] == answer["timing"]["total_ms"]


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_that_a_hook_of_somebody_else_fails_on_holds_no_place(
    client: FlaskClient, stream: bool
) -> None:
    app = client.application
    app.after_request(lambda response: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = ask(client, stream=stream)
    assert (answer.status_code, len(app.extensions["chat"].answers)) == (500, 0)


def test_max_tokens_cuts_the_answer(client: FlaskClient) -> None:
    answer = ask(client, JSON, max_tokens=5).get_json()
    assert (answer["finish_reason"], answer["usage"]["completion_tokens"]) == ("length", 5)


def test_a_last_assistant_message_is_continued(client: FlaskClient) -> None:
    whole = ask(client, JSON).get_json()["text"]
    question = {"role": "user", "content": "What is a token?"}
    begun = {"role": "assistant", "content": whole[:20]}
    rest = client.post("/chat", json={"messages": [question, begun], "stream": False}).get_json()["text"]
    assert whole[:20] + rest == whole


@pytest.mark.parametrize("app_settings", [{"system_prompt": "Be brief."}])
def test_the_system_prompt_reaches_the_model(client: FlaskClient, mock: MockLLMServer) -> None:
    with_prompt = ask(client, JSON).get_json()["usage"]["prompt_tokens"]
    without = create_app(Settings(model="mock-ttft0-itl0-tokens20")).test_client()
    assert with_prompt > ask(without, JSON).get_json()["usage"]["prompt_tokens"]


def refusal(response: TestResponse) -> tuple[int, dict[str, Any]]:
    assert response.headers["Content-Type"] == JSON
    error = response.get_json()["error"]
    assert error.pop("request_id") == response.headers["X-Request-ID"]
    return response.status_code, error


def test_bad_fields_are_refused_before_the_first_byte(client: FlaskClient) -> None:
    assert refusal(ask(client, max_tokens=0)) == (
        400,
        {
            "code": "max_tokens_out_of_range",
            "message": "max_tokens: from 1 to 4096, got 0",
            "param": "max_tokens",
        },
    )


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    assert refusal(client.post("/chat", data=b" " * 2_000_000, content_type=JSON)) == (
        413,
        {"code": "body_too_large", "message": "The body: at most 1000000 bytes, got 2000000.", "param": None},
    )


@pytest.mark.parametrize("given", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(client: FlaskClient, given: str) -> None:
    status, error = refusal(client.post("/chat", data=b'{"prompt": "Hi"}', content_type=given or None))
    assert (status, error["code"], error["param"]) == (415, "unsupported_media_type", "Content-Type")


def test_a_format_that_there_is_not_is_refused(client: FlaskClient) -> None:
    assert refusal(ask(client, "image/png")) == (
        406,
        {
            "code": "not_acceptable",
            "message": "Accept: expected one of text/event-stream, application/x-ndjson, text/plain, application/json",
            "param": "Accept",
        },
    )


def test_an_address_that_there_is_not_is_refused(client: FlaskClient) -> None:
    assert refusal(client.get("/nowhere")) == (
        404,
        {"code": "not_found", "message": "There is nothing at /nowhere.", "param": None},
    )


def test_a_method_that_there_is_not_is_refused(client: FlaskClient) -> None:
    response = client.get("/chat")
    assert refusal(response)[1]["code"] == "method_not_allowed"
    assert response.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("sane", ["abc-123", "a" * 128])
def test_a_sane_request_id_is_kept(client: FlaskClient, sane: str) -> None:
    assert ask(client, headers={"X-Request-ID": sane}).headers["X-Request-ID"] == sane


@pytest.mark.parametrize("given", ["", "a" * 129, "a b", "<script>", "é"])
def test_another_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", ask(client, headers={"X-Request-ID": given}).headers["X-Request-ID"])


def test_the_page_is_served(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "mock-ttft0-itl0-tokens20" in response.text


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ready"}


@pytest.fixture
def keyless(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return create_app(Settings()).test_client()


def test_without_a_key_the_app_runs_and_says_what_is_missing(keyless: FlaskClient) -> None:
    response = keyless.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["status"] == "not_ready"
    assert response.get_json()["problems"][0].startswith("OPENAI_API_KEY is not set.")
    assert "OPENAI_API_KEY is not set." in keyless.get("/").text
    status, error = refusal(ask(keyless))
    assert (status, error["code"]) == (503, "not_configured")
    assert error["message"].startswith("OPENAI_API_KEY is not set.")


@pytest.fixture
def upstreamless(monkeypatch: pytest.MonkeyPatch, port: int) -> FlaskClient:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    return create_app(Settings()).test_client()


def test_an_upstream_that_cannot_be_reached_is_said(upstreamless: FlaskClient, port: int) -> None:
    response = upstreamless.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["problems"] == [
        f"Nothing answers at 127.0.0.1:{port}, where OPENAI_BASE_URL points. Check it, and that the API is up."
    ]
    start, error = objects(ask(upstreamless).data)
    assert (start["type"], error["type"], error["code"]) == ("start", "error", "upstream_unreachable")
    assert "OPENAI_BASE_URL" in error["message"]
    status, told = refusal(ask(upstreamless, JSON))
    assert (status, told["code"]) == (502, "upstream_unreachable")
