import pytest
from flask.testing import FlaskClient

from mockllm import create_app
from tests.mockllm.calls import chat_body


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().test_client()


@pytest.mark.parametrize(
    "path",
    ["/v1/chat/completions", "/v1/responses", "/v1/models", "/v1/models/mock", "/v1/messages", "/v1/nowhere"],
)
def test_a_preflight(client: FlaskClient, path: str) -> None:
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang",
    }
    answer = client.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == asked["Access-Control-Request-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_a_plain_options(client: FlaskClient) -> None:
    assert client.options("/v1/chat/completions").status_code == 204
    assert client.options("/mock/requests").status_code == 204


@pytest.mark.parametrize("body", [chat_body(model="mock-tokens3-ttft0-itl0"), b"nonsense"])
def test_an_answer_may_be_read_by_a_page_of_any_origin(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/v1/chat/completions", data=body, headers={"Origin": "https://app.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]


def test_no_page_may_see_or_steer_a_test(client: FlaskClient) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" not in client.options("/mock/reset", headers=asked).headers
    assert "Access-Control-Allow-Origin" not in client.get("/mock/requests", headers=asked).headers


def test_preflights_are_not_in_the_journal(client: FlaskClient) -> None:
    client.post("/mock/reset")
    client.options("/v1/models")
    assert client.get("/mock/requests").json == {"requests": [], "next": None, "matching": 0, "dropped": 0}
