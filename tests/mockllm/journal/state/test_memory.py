"""Names in what is kept: no two things ever have the same, and none takes another with it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from mockllm import Settings, create_app

REQUEST = {"model": "m", "input": "hi"}


@pytest.fixture
def client() -> FlaskClient:
    return create_app(Settings(profile="instant")).test_client()


def post(client: FlaskClient, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.json
    return answer.json


def begin(client: FlaskClient, **fields: Any) -> str:
    return str(post(client, "/v1/conversations", fields)["id"])


def add(client: FlaskClient, key: str, text: str, **fields: Any) -> str:
    item = {"type": "message", "role": "user", "content": text, **fields}
    added = post(client, f"/v1/conversations/{key}/items", {"items": [item]})
    return str(added["data"][0]["id"])


def texts(client: FlaskClient, key: str) -> list[str]:
    listed: Any = client.get(f"/v1/conversations/{key}/items?order=asc").json
    return [item["content"][0]["text"] for item in listed["data"]]


def test_an_items_name_is_not_given_again(client: FlaskClient) -> None:
    key = begin(client)
    first = add(client, key, "A")
    add(client, key, "B")
    client.delete(f"/v1/conversations/{key}/items/{first}")
    add(client, key, "C")
    assert texts(client, key) == ["B", "C"]


def test_a_conversations_name_is_not_given_again(client: FlaskClient) -> None:
    gone, kept = begin(client), begin(client)
    add(client, kept, "mine")
    client.delete(f"/v1/conversations/{gone}")
    third = begin(client)
    assert len({gone, kept, third}) == 3
    assert (texts(client, kept), texts(client, third)) == (["mine"], [])


def test_names_begin_again_with_the_server(client: FlaskClient) -> None:
    names = []
    for _ in range(2):
        client.post("/mock/reset")
        begun = [begin(client) for _ in range(2)]
        names.append((begun, add(client, begun[1], "x")))
    assert names[0] == names[1]


def test_an_item_that_is_referred_to_stays_with_its_answer(client: FlaskClient) -> None:
    first = post(client, "/v1/responses", REQUEST)
    refers: Any = [{"type": "item_reference", "id": first["output"][0]["id"]}]
    second = post(
        client, "/v1/responses", {"model": "m", "input": [*refers, {"role": "user", "content": "x"}]}
    )
    client.delete(f"/v1/responses/{second['id']}")
    post(client, "/v1/responses", {"model": "m", "input": [*refers, {"role": "user", "content": "z"}]})


def test_two_conversations_may_name_their_items_alike(client: FlaskClient) -> None:
    keys = [begin(client, metadata={"of": each}) for each in ("a", "b")]
    for key in keys:
        add(client, key, f"in {key}", id="msg_1")
    assert [texts(client, key) for key in keys] == [[f"in {key}"] for key in keys]
    client.delete(f"/v1/conversations/{keys[0]}/items/msg_1")
    assert [len(texts(client, key)) for key in keys] == [0, 1]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"items": [{"type": "message", "content": "x"}]}, "items[0].role"),
        ({"items": [{"role": "user", "content": "x"}, {"role": "user", "content": [{"type": "zzz"}]}]},
         "items[1].content[0].type"),
        ({"items": [{"type": "nonsense"}]}, "items[0].type"),
        ({"items": [{"type": "function_call", "name": "f"}]}, "items[0].call_id"),
        ({"items": [{"type": "function_call_output", "call_id": "c"}]}, "items[0].output"),
        ({"metadata": 5}, "metadata"),
        ({"metadata": {"a": 5}}, "metadata.a"),
    ],
)  # fmt: skip
def test_what_no_answer_could_read_is_refused_at_once(client: FlaskClient, body: Any, param: str) -> None:
    key = begin(client)
    paths = ["/v1/conversations", f"/v1/conversations/{key}" + ("/items" if "items" in body else "")]
    for path in paths:
        answer = client.post(path, json=body)
        assert (answer.status_code, (answer.json or {})["error"]["param"]) == (400, param)


@pytest.mark.parametrize("kind", [{}, {"type": None}, {"type": "item_reference"}])
def test_what_has_but_a_name_refers(client: FlaskClient, kind: Any) -> None:
    first = post(client, "/v1/responses", REQUEST)
    refers = {**kind, "id": first["output"][0]["id"]}
    answer = post(
        client, "/v1/responses", {"model": "m", "input": [refers, {"role": "user", "content": "x"}]}
    )
    assert answer["output"][0]["id"] != refers["id"]


def test_a_conversation_takes_what_is_kept_by_its_name(client: FlaskClient) -> None:
    item = post(client, "/v1/responses", REQUEST)["output"][0]
    refers: Any = [{"type": "item_reference", "id": item["id"]}]
    key = begin(client, items=refers)
    assert texts(client, key) == [item["content"][0]["text"]]
    unknown = client.post("/v1/conversations", json={"items": [{"type": "item_reference", "id": "none"}]})
    assert (unknown.status_code, (unknown.json or {})["error"]["param"]) == (404, "items")
