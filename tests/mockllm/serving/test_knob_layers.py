import pytest

from mockllm import Settings, create_app
from mockllm.serving.knob_layers import listed_models
from tests.mockllm.calls import chat_body


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        ("gpt-*", []), ("gpt-5,gpt-*", ["gpt-5"]), ("mock-fast, gpt-5", ["mock-fast", "gpt-5"]), ("mock", ["mock"]),
        ("", ["mock", "mock-instant", "mock-founding", "mock-fast", "mock-large", "mock-reasoning"]),
    ],
)  # fmt: skip
def test_a_model_that_is_listed_is_accepted(patterns: str, names: list[str]) -> None:
    settings = Settings(models=patterns, profile="instant")
    assert sorted(listed_models(settings)) == sorted(names)
    client = create_app(settings).test_client()
    listed = [model["id"] for model in client.get("/v1/models").json["data"]]
    assert sorted(listed) == sorted(names)
    for name in listed:
        assert client.get(f"/v1/models/{name}").status_code == 200


def test_an_unknown_model_is_refused_as_openai_refuses_it() -> None:
    client = create_app(Settings(models="gpt-5")).test_client()
    error = client.post("/v1/chat/completions", data=chat_body(model="gpt-4")).json["error"]
    assert (error["code"], error["param"]) == ("model_not_found", None)


@pytest.mark.parametrize(("host", "status"), [("0.0.0.0", 401), ("::", 401), ("127.0.0.1", 200)])
def test_a_public_server_with_a_key_asks_tests_for_it_too(host: str, status: int) -> None:
    client = create_app(Settings(api_key="secret", host=host)).test_client()
    for path in ("/mock/requests", "/mock/rules"):
        assert client.get(path).status_code == status
        assert client.get(path, headers={"Authorization": "Bearer secret"}).status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/chat/completions", "; did you mean /v1/chat/completions?"), ("/v1/v1/responses", "; did you mean /v1/responses?"),
        ("/v1//chat/completions", "; did you mean /v1/chat/completions?"),
        ("/v1/chat/completions/", "; did you mean /v1/chat/completions?"),
        ("/models", "; did you mean /v1/models?"), ("/v1/chat/completion", ""), ("/nowhere", ""),
    ],
)  # fmt: skip
def test_a_path_without_its_prefix(path: str, hint: str) -> None:
    error = create_app().test_client().post(path, data=b"{}").json["error"]
    assert error["message"] == f"Invalid URL (POST {path}){hint}"


@pytest.mark.parametrize("retries", ["9" * 5000, "-1", "1.5", "\u00b2", "x"])
def test_a_retry_count_that_makes_no_sense(retries: str) -> None:
    client = create_app(Settings(profile="instant")).test_client()
    answer = client.post(
        "/v1/chat/completions", data=chat_body(), headers={"X-Stainless-Retry-Count": retries}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400, "1e-999"])
def test_numbers_beyond_any_float(number: str) -> None:
    client = create_app(Settings(profile="instant")).test_client()
    body = chat_body().decode()[:-1] + f', "x": {number}}}'
    assert client.post("/v1/chat/completions", data=body).status_code in (200, 400)


@pytest.mark.parametrize("query", ["after=" + "9" * 5000, "limit=\u0663", "after=" + "9" * 19])
def test_numbers_of_a_page(query: str) -> None:
    assert create_app().test_client().get(f"/mock/requests?{query}").status_code == 400
