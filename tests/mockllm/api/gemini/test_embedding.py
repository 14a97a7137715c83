"""Embeddings of Gemini's API: what is scripted, what is billed, and what is refused."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from mockllm import Settings, create_app

RIVERS = {"content": {"parts": [{"text": "rivers"}]}}
SEAS = {"content": {"parts": [{"text": "seas"}]}, "outputDimensionality": 3}
ONE, SEVERAL = "embedContent", "batchEmbedContents"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(profile="instant", tpm=1_000_000)).test_client()


def ask(client: FlaskClient, method: str, body: Any) -> Any:
    return client.post(f"/v1beta/models/mock:{method}", json=body)


def values(client: FlaskClient, body: Any) -> list[list[float]]:
    embeddings = ask(client, SEVERAL, body).json["embeddings"]
    return [each["values"] for each in embeddings]


def test_scripted_vectors_are_sent_and_used_up(client: FlaskClient) -> None:
    made_up = ask(client, ONE, SEAS).json
    rule = {"answer": {"embedding": [1.0, 2.0]}, "times": 1}
    assert client.post("/mock/rules", json=rule).status_code == 201
    assert ask(client, ONE, SEAS).json == {"embedding": {"values": [1.0, 2.0]}}
    assert ask(client, ONE, SEAS).json == made_up


def test_each_text_gets_the_vector_that_is_meant_for_it(client: FlaskClient) -> None:
    both = {"requests": [RIVERS, SEAS]}
    assert values(client, {**both, "mock": {"embedding": [[1, 0], [0, 1]]}}) == [[1, 0], [0, 1]]
    named = values(client, {**both, "mock": {"embedding": {"seas": [0.5, 0.5]}}})
    assert ([len(each) for each in named], named[1]) == ([2, 2], [0.5, 0.5])
    assert [len(each) for each in values(client, both)] == [3072, 3]


def test_what_is_embedded_is_billed() -> None:
    client = create_app(Settings(profile="instant", tpm=9)).test_client()
    long = {"content": {"parts": [{"text": "rivers" + " rivers" * 7}]}}
    assert ask(client, ONE, long).headers["x-ratelimit-remaining-tokens"] == "1"
    client.post("/mock/reset")
    refused = ask(client, SEVERAL, {"requests": [long, RIVERS, RIVERS]})
    assert refused.status_code == 429
    assert "Limit 9, Requested 10." in refused.json["error"]["message"]


@pytest.mark.parametrize(
    ("method", "body", "place"),
    [
        (ONE, {**RIVERS, "mock": 5}, "mock"),
        (ONE, {**RIVERS, "mock": ["ttft"]}, "mock"),
        (SEVERAL, {"requests": [RIVERS], "mock": 5}, "mock"),
        (ONE, {"content": 5}, "content"),
        (ONE, {"content": {"parts": [{"text": 5}]}}, "content.parts[0].text"),
        (SEVERAL, {"requests": [RIVERS, {"content": 5}]}, "requests[1].content"),
        (ONE, {**RIVERS, "outputDimensionality": 0}, "outputDimensionality"),
        (ONE, {}, "content"),
    ],
)
def test_bad_bodies_are_refused_at_their_place(
    client: FlaskClient, method: str, body: Any, place: str
) -> None:
    refused = ask(client, method, body)
    assert refused.status_code == 400
    assert refused.json["error"]["details"][0]["fieldViolations"][0]["field"] == place
