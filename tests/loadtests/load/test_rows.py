"""The tab of Locust's own page, in a run that has one."""

import json
import sys
import urllib.request

import pytest

from loadtests.rig import ROOT, free_port, listens, running
from loadtests.stack import Stack


@pytest.mark.thorough
def test_locusts_page_has_a_tab_with_what_the_run_is_doing(stack: Stack) -> None:
    port = free_port()
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py"), "--autostart"]
    command += ["--host", stack.url, "--mock-url", stack.mock_url, "--users", "3", "--spawn-rate", "3"]
    command += ["--web-host", "127.0.0.1", "--web-port", str(port), "--model", "mock-ttft100-itl1-tokens5"]

    def told(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return str(response.read().decode())

    def live() -> dict[str, float]:
        (table,) = json.loads(told("/stats/requests"))["extended_stats"]
        assert table["key"] == "live"
        (row,) = table["data"]
        return dict(row)

    with running(command) as locust:
        locust.await_ready(lambda: listens(port), 30, f"on port {port}")
        assert '"title": "Live"' in told("/")
        locust.await_ready(lambda: live()["rate"] > 0, 30, "in its tab")
        assert live().keys() == {"rate", "open", "ttft_p50_ms", "ttft_p95_ms", "failures"}
