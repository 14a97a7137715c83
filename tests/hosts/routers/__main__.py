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
import urllib.request
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import click

from loadtests.rig import StartError
from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts.asking import LUMP_SECONDS, ask
from tests.hosts.parts import MissingPartError, ends_within
from tests.hosts.routers.proxies import PROXIES, Proxy, proxy_before
from tests.hosts.sources import ROOT
from tests.hosts.started import web_process

DOCUMENT = ROOT / "docs" / "deploy.md"
BEGIN, END = "<!-- make routers -->", "<!-- end -->"
HEADINGS = ("proxy", "40 tokens at 40 ms come in", "first byte, model of 1 s", "a leaver's model stops after",
            "a cut is seen in", "413 for 5 MB", "401 for 900 KB", "compressed")  # fmt: skip
MOST_SECONDS = 400
PATIENCE_SECONDS = 8.0
TRIES = 10
TOKEN = secrets.token_hex(16)
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
TOO_LONG_CHARACTERS, REFUSED_CHARACTERS = 5_000_000, 900_000
FORMATS = {"SSE": "text/event-stream", "NDJSON": "application/x-ndjson", "text": "text/plain"}


@click.command()
@click.option("--write", is_flag=True, help="Put the table into docs/deploy.md.")
def main(write: bool) -> None:
    """Ask the app the same questions through each proxy, as it comes and as advised."""
    ends_within(MOST_SECONDS)
    rows, missing = [], []
    with MockLLMServer() as mock, tempfile.TemporaryDirectory(prefix="first-token-routers-") as name:
        port = free_port()
        environ = {"PORT": str(port), "HOST": "127.0.0.1", "OPENAI_BASE_URL": mock.base_url,
                   "OPENAI_API_KEY": "mock-key", "CHAT_MODELS": "mock*", "CHAT_TRUSTED_PROXIES": "1",
                   "CHAT_ACCESS_TOKEN": TOKEN}  # fmt: skip
        # Workers of some run as nobody, and look for their folders from the root.
        Path(name).chmod(0o755)
        with web_process(Path(name), environ, ("127.0.0.1", port)):
            rows.append(("none", *examined(port, mock)))
            for number, (proxy, advised) in enumerate((p, a) for p in PROXIES for a in (False, True)):
                folder = Path(name) / str(number)
                folder.mkdir(mode=0o777)
                folder.chmod(0o777)
                try:
                    rows.append(row(proxy, advised, port, folder, mock))
                except (MissingPartError, StartError) as error:
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
    silenced = [cells for cells in rows if {cells[-3], cells[-2]} != {f"{TRIES} × 413", f"{TRIES} × 401"}]
    for cells in silenced:
        click.echo(f"{cells[0]}: a refusal did not arrive in each of {TRIES} tries", err=True)
    sys.exit(bool(silenced or (missing and os.environ.get("CI"))))


def row(proxy: Proxy, advised: bool, app: int, folder: Path, mock: MockLLMServer) -> tuple[str, ...]:
    with proxy_before(proxy, app, folder, advised=advised) as port:
        name = f"{proxy.name}, {proxy.advice}" if advised else f"{proxy.name} as it comes"
        return (name, *examined(port, mock))


def examined(port: int, mock: MockLLMServer) -> tuple[str, ...]:
    """The answers to each question, in the order of HEADINGS."""
    return (
        one_by_one(port),
        first_byte(port),
        leaver(port, mock),
        cut(port),
        refused(port, TOO_LONG_CHARACTERS, AUTHORIZED),
        refused(port, REFUSED_CHARACTERS, {}),
        compressed(port),
    )


def one_by_one(port: int) -> str:
    answer = ask(connected(port), "mock-ttft50-itl40-tokens40", headers=AUTHORIZED)
    return f"{answer.lumps} lumps" if answer.status == http.HTTPStatus.OK else f"status {answer.status}"


def first_byte(port: int) -> str:
    answer = ask(connected(port), "mock-ttft1000-itl0-tokens5", headers=AUTHORIZED)
    return f"{1000 * answer.came_at[0]:.0f} ms"


def leaver(port: int, mock: MockLLMServer) -> str:
    """Leave in the middle; until the model's own journal has the end of its answer."""
    request_id = secrets.token_hex(8)
    connection = connected(port)
    send(connection, "mock-ttft0-itl20-tokens2000", **{"X-Request-ID": request_id})
    response = connection.getresponse()
    response.readline()
    time.sleep(0.3)
    # The clock of the journal, too: a machine's processes share it.
    left_at = time.monotonic()
    response.close()
    connection.close()
    while time.monotonic() - left_at < PATIENCE_SECONDS:
        if ended_at := journaled_end(mock, request_id):
            return f"{1000 * (ended_at - left_at):.0f} ms"
        time.sleep(0.05)
    return f"not within {PATIENCE_SECONDS:.0f} s"


def journaled_end(mock: MockLLMServer, request_id: str) -> float | None:
    query = f"client_request_id={request_id}&outcome=client_gone&times=false"
    with urllib.request.urlopen(f"{mock.url}/mock/requests?{query}", timeout=10) as response:
        told = json.load(response)["requests"]
    return float(told[0]["ended"]) if told else None


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


def refused(port: int, characters: int, headers: Mapping[str, str]) -> str:
    """The statuses that come of so many tries, with the whole body sent, as far as it is taken, before a look.

    Who finds the connection closed while sending reads what came, as curl and browsers do.
    """
    body = json.dumps({"prompt": "x" * characters}).encode()
    got: list[str] = []
    for _ in range(TRIES):
        connection = connected(port)
        with contextlib.closing(connection):
            try:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.request("POST", "/chat", body, {"Content-Type": "application/json", **headers})
                got.append(str(connection.getresponse().status))
            except (http.client.HTTPException, OSError) as error:
                got.append(type(error).__name__)
    return ", ".join(f"{got.count(kind)} × {kind}" for kind in sorted(set(got)))


def compressed(port: int) -> str:
    """The coding of an answer to who takes some, and how it comes then."""
    connection = connected(port)
    came_at = [0.0]
    with contextlib.closing(connection):
        send(connection, "mock-ttft50-itl40-tokens40", **{"Accept-Encoding": "gzip, br, zstd"})
        response = connection.getresponse()
        while response.read1(65_536):
            came_at.append(time.monotonic())
        coding = response.headers.get("Content-Encoding", "no")
    lumps = sum(later - sooner > LUMP_SECONDS for sooner, later in pairwise(came_at))
    return coding if coding == "no" else f"{coding}, in {lumps} lumps"


def connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def send(connection: http.client.HTTPConnection, model: str, **headers: str) -> None:
    body = json.dumps({"prompt": "Tell me about rivers", "model": model})
    connection.request("POST", "/chat", body, {"Content-Type": "application/json", **AUTHORIZED, **headers})


if __name__ == "__main__":
    main()
