"""Whatever becomes of an answer, all of it is freed when it ends, not when the garbage collector comes by."""

import json
import subprocess
import sys

import pytest

FAULTS = (
    "noop",
    "bad_key",
    "close@10",
    "context_length",
    "error_event@10",
    "malformed@10",
    "rate_limit:0",
    "reset@10",
    "server_error",
    "slow_headers:9000",
    "stall",
    "stall@10",
)
"""One of each way to fail: by the SDK, its transport, the decoder, our own limits."""

PROGRAM = """
from gevent import monkey
monkey.patch_all()
import gc, gevent, json, os, sys
from mockllm import MockLLMServer
from webapp import create_app
from webapp.configuration.settings import Settings
from webapp.upstream.model import ModelAnswer

def ask(client, fault, accept):
    model = f"mock-ttft0-itl0-tokens20-{fault}"
    with client.post("/chat", json={"prompt": "Hi", "model": model}, headers={"Accept": accept}) as response:
        ends.append(response.data.count(b'"done"') + response.data.count(b'"error"'))

ends = []
accept, *faults = sys.argv[1:]
with MockLLMServer() as server:
    os.environ |= {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "mock"}
    limits = {"first_token_timeout_seconds": 3, "token_timeout_seconds": 1}
    client = create_app(Settings(model="mock", models="mock*", log_level="error", **limits)).test_client()
    ask(client, "noop", accept)
    gc.collect()
    gc.disable()
    gevent.joinall([gevent.spawn(ask, client, fault, accept) for fault in faults])
    gevent.sleep(0.2)
    left = [kept for kept in gc.get_objects() if isinstance(kept, ModelAnswer)]
    print(json.dumps({"asked": len(ends), "left": len(left)}))
"""


@pytest.mark.thorough
@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_an_ended_answer_needs_no_garbage_collector(accept: str) -> None:
    command = [sys.executable, "-c", PROGRAM, accept, *FAULTS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"asked": len(FAULTS) + 1, "left": 0}
