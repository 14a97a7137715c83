"""The limits, as callers of the app meet them."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockllm import MockLLMServer
from tests.webapp.redis_process import RedisProcess
from webapp import create_app
from webapp.chat.errors import LimitedError
from webapp.configuration.settings import Settings
from webapp.limits.admission import Admission, Places

MODEL = "mock-ttft0-itl0-tokens20"
PROMPT = "What is a token?"
Making = Callable[..., FlaskClient]


@pytest.fixture
def app_with(mock: MockLLMServer, monkeypatch: pytest.MonkeyPatch) -> Making:
    """Make an app of its own with these settings: what another process would be."""
    monkeypatch.setenv("OPENAI_API_KEY", "mock-key")
    monkeypatch.setenv("OPENAI_BASE_URL", mock.base_url)

    def make(**changed: Any) -> FlaskClient:
        settings = Settings(model=MODEL, models="mock*", **changed)
        app = create_app(settings)
        # A clock that stands: no window ends in the middle of a test.
        admission = Admission(settings, now=lambda: 1_000_000.0)
        app.extensions["chat"] = dataclasses.replace(app.extensions["chat"], admission=admission)
        return app.test_client()

    return make


def ask(client: FlaskClient, address: str = "192.0.2.1", **body: Any) -> TestResponse:
    """Ask, and return as soon as the headers are there."""
    return client.post("/chat", json={"prompt": PROMPT, **body}, environ_overrides={"REMOTE_ADDR": address})


def outcome(response: TestResponse) -> int | str:
    """The status, or the code of the error; reads the answer to its end."""
    response.get_data()
    response.close()
    body = response.get_json(silent=True)
    return body["error"]["code"] if body and "error" in body else response.status_code


def asked(client: FlaskClient, times: int, address: str = "192.0.2.1", **body: Any) -> list[int | str]:
    return [outcome(ask(client, address, **body)) for _ in range(times)]


def test_a_full_house_refuses_at_once_and_a_place_comes_free(app_with: Making) -> None:
    client = app_with(max_streams=2)
    open_answers = [ask(client, f"192.0.2.{n}") for n in range(2)]
    refused = ask(client, "192.0.2.9")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert outcome(refused) == "over_capacity"
    assert '"type":"done"' in open_answers.pop().text
    assert asked(client, 3) == [200, 200, 200]
    open_answers.pop().close()


def test_a_place_comes_free_however_the_answer_ends(app_with: Making) -> None:
    client = app_with(max_streams=1)
    for body in [{}, {"stream": False}, {"model": "mock-reset@3"}, {"model": "mock-500", "stream": False}]:
        assert outcome(ask(client, **body)) != "over_capacity"
    ask(client, model="mock-ttft60000").close()
    response = ask(client, model="mock-itl1000")
    next(response.iter_encoded())
    response.close()
    assert asked(client, 2) == [200, 200]


def test_one_client_has_only_so_many_places(app_with: Making) -> None:
    client = app_with(max_streams_per_client=1)
    first = ask(client)
    refused = ask(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    assert outcome(refused) == "too_many_streams"
    assert outcome(ask(client, "192.0.2.2")) == 200
    first.close()
    assert outcome(ask(client)) == 200


def test_places_forget_clients_that_have_left() -> None:
    places = Places(2, 1)
    for client in ["a", "b", "a"]:
        with places.take(client), pytest.raises(LimitedError), places.take(client):
            pass
    assert not places._taken


def test_requests_are_counted_by_client_even_those_that_make_no_sense(app_with: Making) -> None:
    client = app_with(requests_per_minute=3)
    assert asked(client, 4) == [200, 200, 200, "rate_limited"]
    refused = ask(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert asked(client, 4, "192.0.2.2", prompt="") == ["message_empty"] * 3 + ["rate_limited"]


def test_what_a_browser_asks_beforehand_is_not_counted(app_with: Making) -> None:
    client = app_with(requests_per_minute=1, allowed_origins="https://friend.example")
    headers = {"Origin": "https://friend.example", "Access-Control-Request-Method": "POST"}
    assert [client.options("/chat", headers=headers).status_code for _ in range(3)] == [200] * 3
    assert asked(client, 2) == [200, "rate_limited"]


def test_another_user_agent_is_the_same_client(app_with: Making) -> None:
    client = app_with(requests_per_minute=1)
    codes = [client.post("/chat", json={}, headers={"User-Agent": f"{n}"}).status_code for n in range(2)]
    assert codes == [400, 429]


def test_an_ipv6_customer_is_one_client(app_with: Making) -> None:
    client = app_with(requests_per_minute=2)
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
    assert [outcome(ask(client, address)) for address in addresses] == [200, 200, "rate_limited", 200]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "codes"),
    [
        # Without a trusted proxy the header is anybody's invention.
        (0, ["1.1.1.1", "2.2.2.2"], [400, 429]),
        (1, ["1.1.1.1", "2.2.2.2"], [400, 400]),
        # What stands left of the trusted proxies' entries is the caller's invention.
        (1, ["6.6.6.1, 1.1.1.1", "6.6.6.2, 1.1.1.1"], [400, 429]),
        (2, ["6.6.6.1, 1.1.1.1, 10.0.0.1", "6.6.6.2, 1.1.1.1, 10.0.0.2"], [400, 429]),
        (2, ["1.1.1.1, 10.0.0.1", "2.2.2.2, 10.0.0.1"], [400, 400]),
        # Fewer entries than proxies: it came around them.
        (2, ["1.1.1.1", "2.2.2.2"], [400, 429]),
    ],
)
def test_the_client_is_whom_the_trusted_proxies_saw(
    app_with: Making, trusted: int, forwarded: list[str], codes: list[int]
) -> None:
    client = app_with(requests_per_minute=1, trusted_proxies=trusted)
    given = [client.post("/chat", json={}, headers={"X-Forwarded-For": value}) for value in forwarded]
    assert [response.status_code for response in given] == codes


def test_tokens_are_reserved_before_and_settled_after(app_with: Making) -> None:
    """One answer reserves 8 for the prompt and 100; it uses about 30 of them."""
    client = app_with(tokens_per_minute=250, max_output_tokens=100)
    two = [ask(client), ask(client)]
    refused = ask(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert outcome(refused) == "token_rate_limited"
    assert outcome(ask(client, "192.0.2.2")) == 200
    for response in two:
        response.get_data()
        response.close()
    # What was not used is there again.
    assert outcome(ask(client)) == 200
    assert "token_rate_limited" in asked(client, 10)


def test_an_answer_that_is_left_in_silence_may_have_cost_all(app_with: Making) -> None:
    """Many models think without a sign of it."""
    client = app_with(tokens_per_minute=250, max_output_tokens=100)
    for _ in range(2):
        ask(client, model="mock-ttft60000").close()
    assert outcome(ask(client)) == "token_rate_limited"


def test_the_budget_of_the_day_stops_everybody(app_with: Making) -> None:
    client = app_with(tokens_per_day=150, max_output_tokens=100)
    codes = [outcome(ask(client, f"192.0.2.{n}")) for n in range(6)]
    passed = codes.count(200)
    assert codes == [200] * passed + ["token_budget_exhausted"] * (6 - passed)
    assert 1 <= passed <= 3
    assert int(ask(client).headers["Retry-After"]) <= 86_400


def test_a_refused_reservation_leaves_nothing_behind(app_with: Making) -> None:
    """The minute had room, the day had not: the minute gets back what it gave."""
    client = app_with(tokens_per_minute=200, tokens_per_day=210, max_output_tokens=150)
    with ExitStack() as leave:
        leave.callback(ask(client, "192.0.2.2", max_tokens=100).close)
        assert asked(client, 5, max_tokens=150) == ["token_budget_exhausted"] * 5
    assert outcome(ask(client, max_tokens=50)) == 200


def test_what_could_never_pass_is_told_so(app_with: Making) -> None:
    client = app_with(tokens_per_minute=100, max_output_tokens=100)
    refused = ask(client, prompt="word " * 100)
    assert refused.status_code == 400
    assert refused.get_json()["error"]["message"] == (
        "This request may use 229 tokens; all that is allowed in a minute is 100. "
        "Shorten it, or lower max_tokens."
    )
    assert outcome(ask(client, max_tokens=50)) == 200


@pytest.fixture
def redis(port: int, tmp_path: Path) -> Iterator[RedisProcess]:
    with RedisProcess(port, tmp_path) as process:
        yield process


def test_two_processes_share_limits_through_redis(app_with: Making, redis: RedisProcess) -> None:
    one, other = (app_with(requests_per_minute=4, redis_url=redis.url) for _ in range(2))
    assert asked(one, 2) + asked(other, 2) == [200] * 4
    assert asked(one, 1) + asked(other, 1) == ["rate_limited"] * 2


def test_without_redis_there_is_a_small_limit_and_no_failure(app_with: Making, redis: RedisProcess) -> None:
    limits = {"requests_per_minute": 8, "tokens_per_minute": 100_000, "tokens_per_day": 100_000}
    client = app_with(**limits, redis_url=redis.url)
    answer = ask(client)
    assert outcome(ask(client)) == 200
    redis.kill()
    assert asked(client, 4) == [200, 200, "rate_limited", "rate_limited"]
    # An answer that began with Redis and ends without it.
    assert '"type":"done"' in answer.text
    answer.close()
