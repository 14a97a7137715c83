"""AWS's own emulator of Lambda, which lies in PyPI's aws-sam-cli, around a stand-in for the Web Adapter."""

import contextlib
import http.client
import json
import os
import platform
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from loadtests.rig import free_port, running
from tests.hosts.asking import PROMPT, Answer
from tests.hosts.parts import CACHE, MissingPartError, run

SAM = "aws-sam-cli==1.170.0"
FUNCTION = {"AWS_LAMBDA_FUNCTION_NAME": "chat"}
TIMEOUT_SECONDS = 3
"""Lambda's own default. An answer is to end before it."""
READY_SECONDS = 20.0
PATH = "/2015-03-31/functions/function/invocations"


def emulator_program() -> Path:
    """Return the emulator for this machine. Raises MissingPartError."""
    machine = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine())
    name = f"samcli/local/rapid/aws-lambda-rie-{machine}"
    program = CACHE / "sam" / name
    if machine is None or sys.platform != "linux":
        raise MissingPartError("AWS's emulator is for Linux")
    if not program.exists():
        folder = CACHE / "sam"
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
        run(*pip, "--dest", folder, SAM)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extract(name, folder)
        wheel.unlink()
        program.chmod(0o755)
    return program


@contextmanager
def emulator(folder: Path, port: int, app_port: int) -> Iterator[Path]:
    """Run it until the context ends; where its function notes when the parts of an answer came."""
    notes = folder / "notes.jsonl"
    bootstrap = folder / "bootstrap"
    adapter = Path(__file__).with_name("web_adapter.py")
    bootstrap.write_text(f"#!/bin/sh\nexec {sys.executable} {adapter} {app_port} {notes}\n")
    bootstrap.chmod(0o755)
    addresses = (
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
        "--runtime-api-address",
        f"127.0.0.1:{free_port()}",
    )
    environ = {**os.environ, **FUNCTION, "AWS_LAMBDA_FUNCTION_TIMEOUT": str(TIMEOUT_SECONDS)}
    with running([emulator_program(), *addresses, bootstrap], folder / "emulator.txt", env=environ):
        yield notes


def invoke(
    port: int,
    notes: Path,
    model: str,
    said: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask as a function URL would; the times are those at which its function got the parts."""
    messages = [{"role": "user", "content": PROMPT}, *said]
    event = {
        "method": "POST",
        "path": "/chat",
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": json.dumps({"messages": messages, "model": model}),
    }
    prelude, _, body = _invoked(port, json.dumps(event)).partition(bytes(8))
    seen = json.loads(notes.read_text().splitlines()[-1])
    answer = Answer(json.loads(prelude)["statusCode"])
    end = 0
    for line in body.splitlines(keepends=True):
        end += len(line)
        if line.startswith(b"data: "):
            answer.objects.append(json.loads(line[6:]))
            answer.came_at.append(next(at for at, size in seen if size >= end))
    return answer


def _invoked(port: int, event: str) -> bytes:
    until = time.monotonic() + READY_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            with contextlib.closing(connection):
                connection.request("POST", PATH, event)
                return connection.getresponse().read()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
