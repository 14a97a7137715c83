"""Both targets of the image together, the app asking the mock: from the start to a stop in the middle of an answer."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts import image
from tests.hosts.asking import PROMPT, TIMEOUT_SECONDS, ask, expected_text

LOOPBACK = "127.0.0.1"
AT_ONCE = "mock-ttft0-itl0-tokens20"
LONG = "mock-ttft0-itl50-tokens4000"
USER = 10001
GRACE_SECONDS = 6
"""Less than podman waits, and enough for a last word on a busy machine."""
INSIDE = """
import errno, json, os
status = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
def refused(path):
    try: open(path, "w").close()
    except OSError as error: return errno.errorcode[error.errno]
print(json.dumps({"user": os.getuid(), "app": refused("/app/x"), "venv": refused("/venv/x"), "tmp": refused("/tmp/x"),
    "capabilities": [int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    "no new privileges": status["NoNewPrivs"]}))
"""
EXPECTED_INSIDE = {
    "user": USER,
    "app": "EROFS",
    "venv": "EROFS",
    "tmp": None,
    "capabilities": [0, 0, 0, 0, 0],
    "no new privileges": "1",
}


def facts() -> list[str]:
    """What `make hosts` prints of them. Raises AssertionError."""
    image.build()
    mock_port, port = free_port(), free_port()
    environ = {
        "PORT": str(port),
        "OPENAI_API_KEY": "mock-key",
        "OPENAI_BASE_URL": f"http://{LOOPBACK}:{mock_port}/v1",
        "CHAT_MODELS": "mock*",
        "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS),
    }
    with image.running({"PORT": str(mock_port), "HOST": LOOPBACK}, mock_port, "mockllm") as mock:
        mock.await_health()
        with MockLLMServer() as own:
            expected = expected_text(int(own.url.rpartition(":")[2]), AT_ONCE)
        assert expected_text(mock_port, AT_ONCE) == expected, "the mock's image has another text"
        began = time.monotonic()
        with image.running(environ, port) as app:
            first = began_to_stream(port) - began
            app.await_health()
            inside = [json.loads(each.does("python", "-c", INSIDE)) for each in (app, mock)]
            assert inside == [EXPECTED_INSIDE, EXPECTED_INSIDE], f"inside: {inside}"
            stopped, last = stopped_in_the_middle(app, port)
        mock_stopped, mock_code = mock.stop()
        assert mock_code == 0, f"the mock's container ended with {mock_code}"
    return [
        f"image: {first:.1f} s from `podman run` to the first streamed token, its model the mock's target",
        "image: both targets run read-only (but for /tmp), without a capability, as user 10001",
        f"image: stopped in {stopped:.1f} s with an answer open and a grace of {GRACE_SECONDS} s, last word {last}",
        f"image: the mock's target answers alike, and stopped in {mock_stopped:.1f} s",
    ]


def began_to_stream(port: int) -> float:
    """Ask until there is an answer; the moment of its first text, on the monotonic clock."""
    until = time.monotonic() + image.START_SECONDS
    while True:
        asked_at = time.monotonic()
        try:
            answer = ask(http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_SECONDS), AT_ONCE)
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < until, "the app's container does not answer"
            time.sleep(0.01)
            continue
        assert answer.last.get("type") == "done", f"the app's container says {answer.status} {answer.last}"
        return asked_at + answer.first_text_seconds


def stopped_in_the_middle(app: image.Container, port: int) -> tuple[float, str]:
    """Stop the container while an answer is written; how long it took, and the answer's last word."""
    with streaming(port) as response:
        took, code = app.stop()
        last: dict[str, Any] = json.loads(response.read().rpartition(b"data: ")[2])
    word = (last["type"], last.get("finish_reason"), last.get("reason"))
    assert word == ("done", "interrupted", "shutdown"), f"the last word was {last}"
    assert code == 0, f"the app's container ended with {code}"
    assert took < image.STOP_SECONDS, f"the app's container took {took:.1f} s to stop"
    return took, "/".join(map(str, word[1:]))


@contextmanager
def streaming(port: int) -> Iterator[http.client.HTTPResponse]:
    """An answer of which the first text is there, and most is not."""
    with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_SECONDS)) as connection:
        body = json.dumps({"model": LONG, "prompt": PROMPT})
        connection.request("POST", "/chat", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        while b'"delta"' not in (line := response.readline()):
            assert line, "the answer ended before its first text"
        yield response
