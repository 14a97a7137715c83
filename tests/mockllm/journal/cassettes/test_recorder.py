"""The recorder as a process, with the mock itself as the API, and its cassettes played again."""

import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai
import pytest

from mockllm import MockLLMServer
from mockllm.journal.cassettes.cassette import Cassette, decode_cassette
from tests.conftest import MS
from tests.mockllm.calls import Caller

ROOT = Path(__file__).parents[4]
KEY = "sk-proj-verysecret0123456789"
SECRETS = (KEY, "org-verysecret", "proj-verysecret", "session-verysecret")


@contextmanager
def recording(upstream: str, directory: Path) -> Iterator[str]:
    """Run the recorder; yields its URL. What it tells is in the file beside the directory."""
    with log_of(directory).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockllm", "record", f"--upstream={upstream}",
             f"--cassette={directory}", "--port=0", "--stop-with-stdin"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate(timeout=10)


def log_of(directory: Path) -> Path:
    return directory.with_suffix(".log")


def client_of(url: str, **options: Any) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0, **options)


def ask(client: openai.OpenAI, model: str, **fields: Any) -> list[tuple[float, str]]:
    """Ask for a stream; returns when each chunk of text came, and the text."""
    started = time.monotonic()
    chunks = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Tell me about rivers"}], stream=True, **fields
    )
    came = [(time.monotonic() - started, chunk.choices[0].delta.content or "") for chunk in chunks]
    return [(at, text) for at, text in came if text]


def cassettes(directory: Path) -> list[Cassette]:
    return [decode_cassette(path.read_bytes()) for path in sorted(directory.glob("*.json"))]


IN_TIME = "mock-ttft300-itl100-tokens8"
REFUSED_FIRST = "mock-tokens5-rate_limit:1*1"
CUTS = {"close": "mock-tokens6-close@3", "reset": "mock-tokens6-reset@3"}


@dataclass(frozen=True)
class Tape:
    """What one recorder has kept, what its client saw meanwhile, by model, and a mock that plays it."""

    directory: Path
    seen: dict[str, list[tuple[float, str]]]
    player: MockLLMServer

    def of(self, model: str) -> list[Cassette]:
        """What was recorded of a model, in order."""
        return [each for each in cassettes(self.directory) if each.request.json["model"] == model]


LEFT = "mock-itl20-tokens50"
HELD = "mock-ttft10-itl5-tokens6-stall@3"


def first_pieces(client: openai.OpenAI, model: str, number: int) -> list[str]:
    """So many pieces of a stream, whose client leaves then."""
    messages: Any = [{"role": "user", "content": "Tell me about rivers"}]
    with client.chat.completions.create(model=model, messages=messages, stream=True) as stream:
        texts = (chunk.choices[0].delta.content for chunk in stream)
        return list(itertools.islice(filter(None, texts), number))


@pytest.fixture(scope="module")
def tape(server: MockLLMServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tape]:
    directory = tmp_path_factory.mktemp("tape")
    with recording(server.base_url, directory) as url, client_of(url) as client:
        seen = {IN_TIME: ask(client, IN_TIME)}
        # The next piece is an hour away: what comes has been passed on without it.
        assert len(first_pieces(client, HELD, 3)) == 3
        first_pieces(client, LEFT, 1)
        deadline = time.monotonic() + 5
        while "the client left" not in log_of(directory).read_text() and time.monotonic() < deadline:
            time.sleep(10 * MS)
        seen[REFUSED_FIRST] = ask(client.with_options(max_retries=1), REFUSED_FIRST)
        for model in CUTS.values():
            with pytest.raises(openai.APIConnectionError):
                ask(client, model)
    with MockLLMServer(cassette=directory) as player:
        yield Tape(directory, seen, player)


def test_what_was_recorded_is_played_in_time(tape: Tape) -> None:
    (cassette,) = tape.of(IN_TIME)
    with client_of(tape.player.url) as client:
        played = ask(client, IN_TIME)
    body = json.dumps({"stream": True, "model": IN_TIME, "messages": cassette.request.json["messages"]})
    again = Caller(tape.player.url).call("POST", "/v1/chat/completions", body.encode())
    seen = tape.seen[IN_TIME]
    assert [text for _, text in played] == [text for _, text in seen]
    assert again.body == b"".join(chunk.data for chunk in cassette.response.chunks)
    assert again.headers["content-type"] == "text/event-stream; charset=utf-8"
    planned = [(300 + 100 * token) * MS for token in range(8)]
    for came in (seen, played):
        assert all(at >= due for (at, _), due in zip(came, planned, strict=True))
    # Nothing is held back: the first piece is here while the last is not even due.
    assert played[0][0] < planned[-1]


@pytest.mark.thorough
def test_speed_applies(server: MockLLMServer, tmp_path: Path) -> None:
    model = "mock-ttft2000-itl0-tokens3"
    with recording(server.base_url, tmp_path) as url, client_of(url) as client:
        ask(client, model)
    with MockLLMServer(cassette=tmp_path, speed=0) as player, client_of(player.url) as client:
        assert ask(client, model)[0][0] < 2000 * MS


def test_no_secret_is_written(server: MockLLMServer, tmp_path: Path) -> None:
    headers = {"Cookie": f"session={SECRETS[3]}", "api-key": KEY}
    with (
        recording(server.base_url, tmp_path) as url,
        client_of(url, organization=SECRETS[1], project=SECRETS[2], default_headers=headers) as client,
    ):
        client.models.list(extra_query={"api-key": KEY})
        client.chat.completions.create(
            model="mock", messages=[{"role": "user", "content": f"Is {KEY} safe?"}]
        )
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(cassettes(tmp_path)) == 2
    for secret in SECRETS:
        assert secret.encode() not in written
    for name in (b"uthorization", b"ookie", b"rganization", b"api-key"):
        assert name not in written


@pytest.mark.thorough
def test_the_key_reaches_the_api(tmp_path: Path) -> None:
    with (
        MockLLMServer(profile="instant", api_key=KEY) as api,
        recording(api.base_url, tmp_path) as url,
        client_of(url) as client,
    ):
        assert ask(client, "mock-tokens2")


def test_refusals_and_retries_are_played_in_turn(tape: Tape) -> None:
    assert [cassette.response.status for cassette in tape.of(REFUSED_FIRST)] == [429, 200]
    with client_of(tape.player.url) as client:
        played = ask(client.with_options(max_retries=1), REFUSED_FIRST)
        with pytest.raises(openai.RateLimitError, match="Rate limit reached"):
            ask(client, REFUSED_FIRST)
        second = ask(client, REFUSED_FIRST, extra_headers={"X-Mock-Take": "2"})
    texts = [[text for _, text in each] for each in (tape.seen[REFUSED_FIRST], played, second)]
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.parametrize("ending", CUTS)
def test_an_answer_that_was_cut_is_cut_again(tape: Tape, ending: str) -> None:
    assert [cassette.response.ending for cassette in tape.of(CUTS[ending])] == [ending]
    with client_of(tape.player.url) as client, pytest.raises(openai.APIConnectionError):
        ask(client, CUTS[ending])


def test_a_client_that_leaves_leaves_no_cassette(tape: Tape) -> None:
    told = log_of(tape.directory).read_text().splitlines()
    assert [line for line in told if not line.startswith("recorded ")] == [
        "not recorded, the client left: POST /v1/chat/completions"
    ]
    assert tape.of(LEFT) == []


def test_a_miss_names_the_nearest(tape: Tape) -> None:
    asked = CUTS["reset"].replace("tokens6", "tokens7")
    missed = Caller(tape.player.url).call(
        "POST",
        "/v1/chat/completions",
        json.dumps({**tape.of(CUTS["reset"])[0].request.json, "model": asked, "stream": True}).encode(),
    )
    wrong = Caller(tape.player.url).call("GET", "/v1/models")
    assert (missed.status, missed.error["code"]) == (404, "no_cassette")
    assert re.fullmatch(
        r"No cassette for this POST /v1/chat/completions: the nearest is \S+\.json, "
        rf'which differs in model: recorded "mock-\S+", got "{asked}"\.',
        missed.error["message"],
    )
    assert "the cassettes hold only POST /v1/chat/completions" in wrong.error["message"]


def test_an_api_that_is_not_there_is_a_502(port: int, tmp_path: Path) -> None:
    with recording(f"http://127.0.0.1:{port}/v1", tmp_path) as url:
        answer = Caller(url).chat()
    assert (answer.status, answer.error["code"]) == (502, "no_answer")
    assert cassettes(tmp_path) == []


def test_what_is_not_there_is_recorded_and_then_played(server: MockLLMServer, tmp_path: Path) -> None:
    directory = tmp_path / "tape"
    with (
        MockLLMServer(cassette=directory, upstream=server.base_url, speed=0, workers=2) as player,
        client_of(player.url) as client,
    ):
        first = ask(client, "mock-instant-tokens5")
        # The recording is kept when its last byte has gone.
        deadline = time.monotonic() + 10
        while not list(directory.glob("*.json")) and time.monotonic() < deadline:
            time.sleep(5 * MS)
        assert ["".join(text for _, text in ask(client, "mock-instant-tokens5")) for _ in range(6)] == [
            "".join(text for _, text in first)
        ] * 6
    assert len(cassettes(directory)) == 1
    assert not any(secret.encode() in path.read_bytes() for path in directory.glob("*") for secret in SECRETS)
