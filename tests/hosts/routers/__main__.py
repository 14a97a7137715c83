"""`make routers`: what proxies do to an answer, in the table of docs/deploy.md; `--write` puts it there."""

import contextlib
import http.client
import json
import os
import secrets
import socket
import sys
import tempfile
import time
from pathlib import Path

import click

from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts.asking import ask
from tests.hosts.parts import MissingPartError
from tests.hosts.routers.proxies import PROXIES, Proxy, running
from tests.hosts.sources import ROOT
from tests.hosts.started import Started, web_process

DOCUMENT = ROOT / "docs" / "deploy.md"
BEGIN, END = "<!-- make routers -->", "<!-- end -->"
HEADINGS = ("proxy", "40 tokens at 40 ms come in", "first byte, model of 1 s", "a leaver's model stops after",
            "a cut is seen in", "413 for 5 MB", "compressed")  # fmt: skip
PATIENCE_SECONDS = 8.0
TRIES = 4
FORMATS = {"SSE": "text/event-stream", "NDJSON": "application/x-ndjson", "text": "text/plain"}


@click.command()
@click.option("--write", is_flag=True, help="Put the table into docs/deploy.md.")
def main(write: bool) -> None:
    """Ask the app the same questions through each proxy, as it comes and as advised."""
    rows, missing = [], []
    with MockLLMServer() as mock, tempfile.TemporaryDirectory(prefix="first-token-routers-") as name:
        port = free_port()
        environ = {"PORT": str(port), "HOST": "127.0.0.1", "OPENAI_BASE_URL": mock.base_url,
                   "OPENAI_API_KEY": "mock-key", "CHAT_MODELS": "mock*", "CHAT_TRUSTED_PROXIES": "1"}  # fmt: skip
        # Workers of some run as nobody, and look for their folders from the root.
        Path(name).chmod(0o755)
        with web_process(Path(name), environ, ("127.0.0.1", port)) as web:
            rows.append(("none", *examined(port, web)))
            for number, (proxy, advised) in enumerate((p, a) for p in PROXIES for a in (False, True)):
                folder = Path(name) / str(number)
                folder.mkdir(mode=0o777)
                folder.chmod(0o777)
                try:
                    rows.append(row(proxy, advised, port, folder, web))
                except MissingPartError as error:
                    missing.append(str(error))
    lines = [f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}"]
    table = "\n".join([*lines, *(f"| {' | '.join(cells)} |" for cells in rows)])
    click.echo(table)
    for problem in missing:
        click.echo(problem, err=True)
    if write and not missing:
        text = DOCUMENT.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", "utf-8")
    sys.exit(bool(missing and os.environ.get("CI")))


def row(proxy: Proxy, advised: bool, app: int, folder: Path, web: Started) -> tuple[str, ...]:
    with running(proxy, app, folder, advised=advised) as port:
        name = f"{proxy.name}, {proxy.advice}" if advised else f"{proxy.name} as it comes"
        return (name, *examined(port, web))


def examined(port: int, web: Started) -> tuple[str, ...]:
    """The answers to each question, in the order of HEADINGS."""
    return (
        one_by_one(port),
        first_byte(port),
        leaver(port, web),
        cut(port),
        too_long(port),
        compressed(port),
    )


def one_by_one(port: int) -> str:
    answer = ask(connected(port), "mock-ttft50-itl40-tokens40")
    return f"{answer.lumps} lumps" if answer.status == http.HTTPStatus.OK else f"status {answer.status}"


def first_byte(port: int) -> str:
    answer = ask(connected(port), "mock-ttft1000-itl0-tokens5")
    return f"{1000 * answer.came_at[0]:.0f} ms"


def leaver(port: int, web: Started) -> str:
    """Leave in the middle; until the app's own line says that the client has left."""
    request_id = secrets.token_hex(8)
    connection = connected(port)
    send(connection, "mock-ttft0-itl20-tokens2000", **{"X-Request-ID": request_id})
    response = connection.getresponse()
    response.readline()
    time.sleep(0.3)
    left_at = time.monotonic()
    response.close()
    connection.close()
    while time.monotonic() - left_at < PATIENCE_SECONDS:
        if request_id in web.printed():
            return f"{1000 * (time.monotonic() - left_at):.0f} ms"
        time.sleep(0.005)
    return f"not within {PATIENCE_SECONDS:.0f} s"


def cut(port: int) -> str:
    """The formats in which an answer that its model breaks off does not look whole."""
    return ", ".join(name for name, accept in FORMATS.items() if is_seen(port, accept)) or "none"


def is_seen(port: int, accept: str) -> bool:
    connection = connected(port)
    with contextlib.closing(connection):
        try:
            send(connection, "mock-ttft50-itl10-tokens40-reset@10", Accept=accept)
            body = connection.getresponse().read()
        except (http.client.HTTPException, OSError):
            return True
    return b'"type":"error"' in body


def too_long(port: int) -> str:
    """How many of the tries get the status, with the whole body sent and without looking before."""
    body = json.dumps({"prompt": "x" * 5_000_000}).encode()
    got: list[str] = []
    for _ in range(TRIES):
        connection = connected(port)
        with contextlib.closing(connection):
            try:
                connection.request("POST", "/chat", body, {"Content-Type": "application/json"})
                got.append(str(connection.getresponse().status))
            except (http.client.HTTPException, OSError) as error:
                got.append(type(error).__name__)
    return ", ".join(f"{got.count(kind)} × {kind}" for kind in sorted(set(got)))


def compressed(port: int) -> str:
    connection = connected(port)
    with contextlib.closing(connection):
        send(connection, "mock-ttft0-itl0-tokens200", **{"Accept-Encoding": "gzip, br"})
        response = connection.getresponse()
        response.read()
        return response.headers.get("Content-Encoding", "no")


def connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def send(connection: http.client.HTTPConnection, model: str, **headers: str) -> None:
    body = json.dumps({"prompt": "Tell me about rivers", "model": model})
    connection.request("POST", "/chat", body, {"Content-Type": "application/json", **headers})


if __name__ == "__main__":
    main()
