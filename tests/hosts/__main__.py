"""`make hosts`: the app on the parts of hosts that run here; a table with a verdict on each question."""

import contextlib
import http.client
import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts.asking import TIMEOUT_SECONDS, expected_text
from tests.hosts.kinds import KINDS, Kind, Running
from tests.hosts.parts import MissingPartError, ends_within

PACED = "mock-ttft50-itl50-tokens20"
LONG = "mock-ttft50-itl50-tokens60"
"""Longer than DEADLINE_SECONDS, and not twice as long: one continuation is enough."""
BROKEN_OFF = "mock-ttft50-itl10-tokens40-reset@10"
LEAST_SPREAD_SECONDS = 0.5
QUESTIONS = ("streams", "same text", "deadline joins", "one line", "cut seen", "no model")
MOST_SECONDS = 600
LINE_SECONDS = 5.0
QUIET_SECONDS = 0.3


def main(words: list[str]) -> int:
    """Ask every host, or those whose names have a word of the command line in them; the exit code."""
    ends_within(MOST_SECONDS)
    began_all = time.monotonic()
    table = Table(title="First Token on the hosts' own parts")
    for heading in ("host", "part", *QUESTIONS, "first text", "seconds"):
        table.add_column(heading, overflow="fold")
    failed, missing, told = [], [], []
    kinds = [kind for kind in KINDS if not words or any(word.lower() in kind.name.lower() for word in words)]
    with MockLLMServer() as mock, tempfile.TemporaryDirectory(prefix="first-token-hosts-") as folder:
        for number, kind in enumerate(kinds):
            began = time.monotonic()
            try:
                verdicts, first = examine(kind, Path(folder) / str(number), mock)
                told += kind.more()
            except MissingPartError as error:
                verdicts, first = dict.fromkeys(QUESTIONS, "-"), ""
                missing.append(f"{kind.name}: {error}")
            except Exception:  # noqa: BLE001 - one host's failure is a line of the table
                verdicts, first = dict.fromkeys(QUESTIONS, "failed"), ""
                failed.append(f"{kind.name}: {traceback.format_exc(limit=-3)}")
            failed += [
                f"{kind.name}: {name}: {said}"
                for name, said in verdicts.items()
                if said not in ("yes", "-", "failed")
            ]
            shown = ["yes" if said == "yes" else "-" if said == "-" else "NO" for said in verdicts.values()]
            table.add_row(kind.name, kind.part, *shown, first, f"{time.monotonic() - began:.0f}")
    Console(width=150 if not sys.stdout.isatty() else None).print(table)
    for fact in [*told, f"all of it: {time.monotonic() - began_all:.0f} s"]:
        click.echo(fact)
    for problem in [*failed, *missing]:
        click.echo(problem, err=True)
    return 1 if failed or (missing and os.environ.get("CI")) else 0


def examine(kind: Kind, folder: Path, mock: MockLLMServer) -> tuple[dict[str, str], str]:
    """Ask a host the questions; what it says to each, `yes` if all is well, and the time of its first text."""
    mock_port = int(mock.url.rpartition(":")[2])
    common = {"OPENAI_API_KEY": "mock-key", "CHAT_MODELS": "mock*", "CHAT_MODEL": PACED}
    for name in ("with", "without"):
        (folder / name).mkdir(parents=True)
    with kind.run(folder / "with", {**common, "OPENAI_BASE_URL": mock.base_url}) as running:
        streams, same, first = _streams(running, mock_port)
        joins = _joins(running, mock_port)
        one_line = _one_line(running)
        cut = _cut(running)
    nobody = f"http://127.0.0.1:{free_port()}/v1"
    with kind.run(
        folder / "without", {**common, "OPENAI_BASE_URL": nobody, "OPENAI_MAX_RETRIES": "0"}
    ) as running:
        answer = running.ask(PACED)
        code = answer.last.get("code")
        no_model = "yes" if code == "upstream_unreachable" else f"{answer.status} {answer.last}"
    said = (streams, same, joins, one_line, cut, no_model)
    return dict(zip(QUESTIONS, said, strict=True)), first


def _streams(running: Running, mock_port: int) -> tuple[str, str, str]:
    running.ask(PACED)
    answer = running.ask(PACED)
    expected = expected_text(mock_port, PACED.replace("ttft50-itl50", "ttft0-itl0"))
    spread = answer.came_at[-1] - answer.first_text_seconds
    streams = "yes" if spread > LEAST_SPREAD_SECONDS else f"last {spread:.2f} s after the first"
    same = "yes" if answer.text == expected and answer.last.get("type") == "done" else f"got {answer.last}"
    return streams, same, f"{1000 * answer.first_text_seconds:.0f} ms"


def _joins(running: Running, mock_port: int) -> str:
    """Continue as the page does until the answer is whole."""
    text, reasons = "", []
    for _ in range(5):
        said = [{"role": "assistant", "content": text}] if text else []
        answer = running.ask(LONG, said=said, headers=running.headers())
        text += answer.text
        if answer.last.get("finish_reason") != "interrupted":
            break
        reasons.append(answer.last["reason"])
    if not reasons or set(reasons) != {"deadline"}:
        return f"interrupted by {reasons}: {answer.last}"
    expected = expected_text(mock_port, LONG.replace("ttft50-itl50", "ttft0-itl0"))
    return "yes" if text == expected else f"{len(text)} characters, expected {len(expected)}: {answer.last}"


def _one_line(running: Running) -> str:
    # The line of the answer before may be on its way.
    before = running.printed()
    while time.sleep(QUIET_SECONDS) or before != (before := running.printed()):
        pass
    running.ask(PACED, headers={"X-Request-ID": "the-one-line"})
    until = time.monotonic() + LINE_SECONDS
    while "the-one-line" not in (said := running.printed()[len(before) :]) and time.monotonic() < until:
        time.sleep(0.05)
    lines = said.splitlines()
    return "yes" if len(lines) == 1 and '"the-one-line"' in lines[0] else f"{len(lines)} lines: {lines}"


def _cut(running: Running) -> str:
    """Whether a plain text that the model breaks off does not look whole: it is refused, or its body is broken."""
    if running.asking:
        return "-"
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=TIMEOUT_SECONDS)
    headers = {"Content-Type": "application/json", "Accept": "text/plain"}
    with contextlib.closing(connection):
        connection.request("POST", "/chat", json.dumps({"prompt": "Hi", "model": BROKEN_OFF}), headers)
        try:
            response = connection.getresponse()
            body = response.read()
        except (http.client.IncompleteRead, ConnectionError):
            return "yes"
    return "yes" if response.status == http.HTTPStatus.NOT_ACCEPTABLE else f"{response.status} {body!r}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
