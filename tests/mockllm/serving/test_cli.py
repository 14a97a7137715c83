import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mockllm.serving.cli import main

ROOT = Path(__file__).parents[3]


def run(*flags: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mockllm", *flags],
        cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], {}) == 0
    assert capsys.readouterr().out == (Path(__file__).parent / "help.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("flags", "environ", "words"),
    [
        (["--port", "99999"], {}, "PORT: "),
        (["--port", "abc"], {}, "abc"),
        ([], {"PORT": "abc"}, "PORT: "),
        ([], {"WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY: "),
        (["--profile", "warp"], {}, "MOCKLLM_PROFILE: "),
        ([], {"MOCKLLM_FAULTS": "status:418=caf\udce9 5%"}, "MOCKLLM_FAULTS: expected text in UTF-8"),
        (["--speed=-1"], {}, "MOCKLLM_SPEED: "),
        (["--nonsense"], {}, "--nonsense"),
        (["--rules", "/nowhere.yaml"], {}, "MOCKLLM_RULES: /nowhere.yaml: "),
        (["--cassette", "/nowhere"], {}, "MOCKLLM_CASSETTE: /nowhere: no cassettes"),
        (["replay", "--cassette", "/nowhere"], {}, "MOCKLLM_CASSETTE: /nowhere: no cassettes"),
        (["replay"], {}, "--cassette"),
        (["record", "--cassette", "x"], {}, "--upstream"),
        (
            ["record", "--cassette", "x", "--upstream", "api.openai.com"],
            {},
            "--upstream: expected a URL such as",
        ),
        (["record", "--cassette", "x", "--upstream", "http://x:y/v1"], {}, "--upstream: "),
        (["record", "--cassette", "x", "--upstream", "https://x/v1?a=1"], {}, "--upstream: "),
    ],
)
def test_a_wrong_setting_is_one_clear_line(
    flags: list[str], environ: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(flags, environ) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mockllm: ")
    assert words in line


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run(PORT=str(taken.getsockname()[1]))
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("mockllm: cannot listen on 127.0.0.1 port ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_quickly_and_quietly(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mockllm", "--port=0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    host, port = process.stdout.readline().strip().removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as stream:
        body = b'{"model":"mock-ttft0-itl1000-tokens400","stream":true,"messages":[{"role":"user","content":"x"}]}'
        stream.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        assert b"200 OK" in stream.recv(4096)
        process.send_signal(number)
        out, err = process.communicate(timeout=3)
    assert (process.returncode, out, err) == (0, "", "")
