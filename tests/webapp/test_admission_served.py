"""The limits under gunicorn: a full house, and several workers that count through one Redis."""

import json
import time
import zlib
from math import inf
from pathlib import Path

import httpx2
import pytest

from loadtests.proofs.capacity import crowd
from loadtests.rig import terminals
from loadtests.stack import Stack
from tests.conftest import MS
from tests.webapp.redis_process import RedisProcess

CAPACITY = 10


@pytest.mark.thorough
def test_a_full_house_refuses_at_once_and_harms_nobody_inside() -> None:
    with Stack(env={"CHAT_MAX_STREAMS": str(CAPACITY)}) as stack:
        came = crowd(stack.port, 3 * CAPACITY, "mock-ttft4000-itl10-tokens20")
    let_in = [stream for stream in came if stream.status == 200]
    refused = [stream for stream in came if stream.status != 200]
    assert len(let_in) == CAPACITY
    assert [end["type"] for stream in let_in for end in terminals(stream) if stream.whole] == [
        "done"
    ] * CAPACITY
    assert {stream.status for stream in refused} == {503}
    assert all(json.loads(stream.response.body)["error"]["code"] == "over_capacity" for stream in refused)
    assert max((stream.ended_at or inf) - stream.asked_at for stream in refused) < 3000 * MS


def wait_for_room_in_the_minute(seconds: float) -> None:
    """Until the window of the client 127.0.0.1 does not end for so long."""
    left = 60 - (time.time() + zlib.crc32(b"127.0.0.1") % 60) % 60
    if left < seconds:
        time.sleep(left)


def outcomes(http: httpx2.Client, count: int) -> list[int]:
    body = {"prompt": "Hi", "model": "mock-ttft0-itl0-tokens3", "stream": False}
    return [http.post("/chat", json=body).status_code for _ in range(count)]


@pytest.mark.thorough
def test_workers_share_a_limit_and_survive_their_redis(port: int, tmp_path: Path) -> None:
    with RedisProcess(port, tmp_path) as redis:
        limits = {"CHAT_REQUESTS_PER_MINUTE": "8", "CHAT_TOKENS_PER_DAY": "1000000"}
        # Without keep-alive each request may meet another worker.
        no_keeping = httpx2.Limits(max_keepalive_connections=0)
        with (
            Stack(env={"WEB_CONCURRENCY": "2", "REDIS_URL": redis.url, **limits}) as stack,
            httpx2.Client(base_url=stack.url, limits=no_keeping, timeout=10) as http,
        ):
            wait_for_room_in_the_minute(10)
            assert sorted(outcomes(http, 12)) == [200] * 8 + [429] * 4
            redis.kill()
            alone = outcomes(http, 10)
            # Two a minute and worker are a quarter of eight.
            assert set(alone) == {200, 429}
            assert 2 <= alone.count(200) <= 4
