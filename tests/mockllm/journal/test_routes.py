"""What a running server tells about itself, on one worker and on two."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockllm import MockLLMServer, Settings, create_app
from tests.conftest import MS
from tests.mockllm.calls import Caller, chat_body


@pytest.fixture(scope="module", params=[1, 2], ids=["one worker", "two workers"])
def fresh(request: pytest.FixtureRequest) -> Iterator[MockLLMServer]:
    with MockLLMServer(profile="instant", workers=request.param) as running:
        yield running


@pytest.fixture
def caller(fresh: MockLLMServer) -> Caller:
    caller = Caller(fresh.url)
    assert caller.call("POST", "/mock/reset").status == 204
    return caller


def requests(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    return list(json.loads(caller.call("GET", f"/mock/requests{query}").body)["requests"])


def test_a_stream_in_the_journal(caller: Caller) -> None:
    reply = caller.chat(model="mock-ttft20-itl5-tokens8", stream=True)
    (told,) = requests(caller)
    assert told["request_id"] == reply.headers["x-request-id"]
    assert (told["outcome"], told["status"], told["tokens"]) == ("complete", 200, 8)
    assert told["body"]["model"] == told["model"] == "mock-ttft20-itl5-tokens8"
    planned = [told["started"] + 0.02 + index * 0.005 for index in range(8)]
    assert told["planned"] == pytest.approx(planned, abs=1e-5)
    assert all(sent >= due for sent, due in zip(told["actual"], planned, strict=True))
    assert told["started"] <= told["actual"][-1] <= told["ended"] <= time.monotonic()
    assert told["lateness_ms"]["max"] < 5_000
    assert told["answer"]


def test_every_request_is_there_once(caller: Caller) -> None:
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: caller.chat(stream=True), range(100)))
    told = requests(caller, "?limit=1000&times=false")
    assert {each["request_id"] for each in told} == {reply.headers["x-request-id"] for reply in replies}
    assert len(told) == 100
    assert {each["outcome"] for each in told} == {"complete"}


def test_refusals_and_faults(caller: Caller) -> None:
    caller.chat(model="mock-overloaded*2")
    caller.chat(model="mock-itl5-warp")
    caller.call("GET", "/v1/models")
    told = requests(caller)
    assert [(each["status"], each["outcome"], each["fault"], each["fault_written"]) for each in told] == [
        (503, "refused", "overloaded", "overloaded*2"), (400, "refused", "", ""), (200, "complete", "", ""),
    ]  # fmt: skip
    assert [each["model"] for each in requests(caller, "?fault=overloaded")] == ["mock-overloaded*2"]


def test_a_client_that_leaves_is_told_with_its_phase(caller: Caller, fresh: MockLLMServer) -> None:
    host, port = fresh.url.removeprefix("http://").split(":")
    body = chat_body(model="mock-ttft10-itl60000", stream=True)
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Client-Request-Id: me\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((host, int(port))) as sock:
        sock.sendall(head.encode() + body)
        while b"data: " not in sock.recv(65536):
            pass
    deadline = time.monotonic() + 2
    while requests(caller, "?client_request_id=me")[0]["outcome"] == "sending":
        assert time.monotonic() < deadline
        time.sleep(5 * MS)
    (told,) = requests(caller, "?client_request_id=me")
    assert (told["outcome"], told["phase"], told["tokens"]) == ("client_gone", "mid_stream", 1)


def test_paging_and_bad_parameters(caller: Caller) -> None:
    for _ in range(5):
        caller.chat()
    page = json.loads(caller.call("GET", "/mock/requests?limit=2").body)
    assert (len(page["requests"]), page["matching"], page["dropped"]) == (2, 5, 0)
    assert len(requests(caller, f"?limit=100&after={page['next']}")) == 3
    for query in ("?limit=x", "?limit=100000", "?warp=1", "?after=-1"):
        assert caller.call("GET", f"/mock/requests{query}").status == 400


def test_a_reset_forgets(caller: Caller) -> None:
    caller.chat()
    caller.call("POST", "/mock/reset")
    assert requests(caller) == []


def test_metrics_count_the_tokens_of_all_workers(caller: Caller) -> None:
    def count() -> float:
        page = caller.call("GET", "/metrics").body.decode()
        (line,) = (
            line for line in page.splitlines() if line.startswith("mockllm_token_lateness_seconds_count")
        )
        return float(line.split()[1])

    before = count()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: caller.chat(model="mock-itl1-tokens10", stream=True), range(20)))
    assert count() == before + 200


def test_a_server_that_is_late_says_so() -> None:
    with MockLLMServer(profile="instant", lateness_limit=0.000001) as server:
        caller = Caller(server.url)
        assert json.loads(caller.call("GET", "/healthz").body)["saturated"] is False
        caller.chat(model="mock-itl1-tokens10", stream=True)
        told = json.loads(caller.call("GET", "/healthz").body)
        assert (told["saturated"], told["lateness"]["tokens"]) == (True, 10)


def test_quotas_hold_over_all_workers() -> None:
    with MockLLMServer(profile="instant", workers=2, rpm=10) as server:
        caller = Caller(server.url)
        with ThreadPoolExecutor(20) as pool:
            replies = list(pool.map(lambda _: caller.chat(), range(30)))
        statuses = [reply.status for reply in replies]
        assert (statuses.count(200), statuses.count(429)) == (10, 20)
        refused = next(reply for reply in replies if reply.status == 429)
        assert refused.headers["x-ratelimit-limit-requests"] == "10"
        assert 0 < int(refused.headers["retry-after-ms"]) <= 6000
        caller.call("POST", "/mock/reset")
        assert caller.chat().status == 200


def test_a_full_batch_makes_others_wait() -> None:
    with MockLLMServer(profile="instant", batch=1) as server, ThreadPoolExecutor(3) as pool:
        caller = Caller(server.url)
        start = time.monotonic()
        list(pool.map(lambda _: caller.chat(model="mock-ttft50-itl5-tokens11", stream=True), range(3)))
        assert time.monotonic() - start >= 0.3


def test_without_a_server_of_ours_the_journal_is_in_memory() -> None:
    client = create_app(Settings(profile="instant")).test_client()
    client.post("/v1/chat/completions", data=chat_body(stream=True)).get_data()
    page = client.get("/mock/requests").get_json()
    assert [told["outcome"] for told in page["requests"]] == ["complete"]
