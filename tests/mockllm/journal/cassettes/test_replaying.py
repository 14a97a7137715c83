"""A mock that records what it cannot play, in front of an API that is not there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from mockllm import Settings, create_app
from mockllm.journal.cassettes.cassette import Cassette, decode_cassette
from mockllm.journal.cassettes.upstream import Upstream

CHAT = "/v1/chat/completions"
AZURE = "/openai/deployments/gpt-4o/chat/completions"


@dataclass
class Answer:
    """What an API answers, whose end came with its last piece."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/plain"),)
    ending: str = "complete"
    length: int | None = None

    def pieces(self) -> Iterator[bytes]:
        yield from (b"a", b"b") if self.status == 200 else ()

    def close(self) -> None:
        pass


class Api:
    """What it is asked, and what it answers."""

    def __init__(self) -> None:
        self.answer = Answer()
        self.bodies: list[bytes] = []

    def ask(self, _upstream: Upstream, _method: str, _path: str, _headers: Any, body: bytes) -> Answer:
        self.bodies.append(body)
        return self.answer


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    api = Api()
    monkeypatch.setattr(Upstream, "ask", lambda *asked: api.ask(*asked))
    return api


@pytest.fixture
def client(api: Api, tmp_path: Path) -> FlaskClient:
    settings = Settings(cassette=str(tmp_path), upstream="http://127.0.0.1:1/v1", speed=0)
    return create_app(settings).test_client()


def told(client: FlaskClient) -> list[dict[str, Any]]:
    page = client.get("/mock/requests").json
    assert page
    return list(page["requests"])


def kept(directory: Path) -> list[Cassette]:
    return [decode_cassette(path.read_bytes()) for path in sorted(directory.glob("*.json"))]


@pytest.mark.parametrize("name", ["X-Request-ID", "Request-ID", None])
def test_what_is_recorded_has_the_id_of_the_api_or_one_of_ours(
    client: FlaskClient, api: Api, name: str | None
) -> None:
    api.answer = Answer(headers=((name, "req_theirs"),) if name else ())
    answer = client.post(CHAT, json={"model": "m"}, buffered=True)
    assert (answer.status_code, answer.data) == (200, b"ab")
    (entry,) = told(client)
    assert entry["request_id"] == answer.headers["X-Request-ID"]
    assert (entry["request_id"] == "req_theirs") is bool(name)
    assert (entry["model"], entry["outcome"], entry["tokens"]) == ("m", "complete", 2)


def test_an_answer_that_the_api_cut_is_told_as_cut(client: FlaskClient, api: Api) -> None:
    api.answer = Answer(ending="close")
    with pytest.raises(ConnectionResetError):
        client.post(CHAT, json={"model": "m"}, buffered=True)
    (entry,) = told(client)
    assert (entry["outcome"], entry["phase"]) == ("cut", "mid_stream")


def test_a_client_that_leaves_a_recording_is_told(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post(CHAT, json={"model": "m"}, buffered=False)
    pieces = iter(answer.response)
    assert [next(pieces), next(pieces)] == [b"", b"a"]
    (entry,) = told(client)
    assert entry["outcome"] == "sending"
    answer.close()
    (entry,) = told(client)
    assert entry["outcome"] == "client_gone"
    assert kept(tmp_path) == []


def test_an_answer_without_a_body_is_kept_too(client: FlaskClient, api: Api, tmp_path: Path) -> None:
    api.answer = Answer(status=204, headers=())
    for _ in range(2):
        assert client.delete("/v1/files/a", buffered=True).status_code == 204
    assert [entry["outcome"] for entry in told(client)] == ["complete"] * 2
    assert (len(api.bodies), len(kept(tmp_path))) == (1, 1), "the second is played"


def test_what_was_recorded_under_azures_path_is_found_again(
    client: FlaskClient, api: Api, tmp_path: Path
) -> None:
    body = json.dumps({"messages": []}).encode()
    for _ in range(2):
        assert client.post(AZURE, data=body, buffered=True).data == b"ab"
    assert api.bodies == [body], "the API gets what the client sent, once"
    (cassette,) = kept(tmp_path)
    assert cassette.request.json == {"messages": [], "model": "gpt-4o"}
