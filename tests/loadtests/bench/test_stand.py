"""The stand, with the upstream alone and with our app: what one short measurement says."""

from __future__ import annotations

import pytest

from loadtests.bench.contenders import DIRECT, OURS, Contender
from loadtests.bench.measure import Point, measure
from loadtests.bench.stand import ask, stand
from loadtests.measuring import cpu_seconds, memory_bytes, tree
from loadtests.rig import StartError

POINT = Point(streams=5, per_second=100, tokens=40, ramp_seconds=0.05)


@pytest.mark.parametrize("contender", [DIRECT, OURS], ids=["upstream", "app"])
def test_a_measurement(contender: Contender) -> None:
    with stand(contender) as running:
        got = measure(running, POINT, "asleep")
        first, data = ask(contender, running.port, "bench-tokens3-every1")

    assert got.failures == {}
    assert 0.35 <= got.total_p50_seconds < 5
    assert 0 < got.first_token_p50_ms <= got.first_token_p99_ms
    assert 0 < got.cpu_us_per_token_with_requests < 100_000
    assert got.client == "asleep"
    assert got.upstream_us_per_token > 0
    assert first > 0
    assert data.count(b" quantum") == 3


def test_a_stack_that_does_not_start_says_why() -> None:
    broken = Contender("broken", lambda _: ["sh", "-c", "echo no such thing; exit 3"])

    with (
        pytest.raises(StartError, match=r"(?s)ended with status 3; it printed:.no such thing"),
        stand(broken),
    ):
        pass


def test_a_stack_ends_with_its_stand() -> None:
    with stand(OURS) as running:
        pids = tree(running.pid)
        assert len(pids) >= 2
        assert cpu_seconds(running.pid) > 0.1
        assert memory_bytes(running.pid) > 10_000_000

    assert [cpu_seconds(pid) for pid in pids] == [0.0] * len(pids)
