"""`make upstreams`: the app in front of servers that nobody here wrote; a table with a verdict on each question.

Each server has an environment of its own below UPSTREAMS_DIR (default .venv/upstreams). Words of the command
line choose servers; `--write` puts the table into docs/upstreams.md.
"""

import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from loadtests.rig import free_port
from tests.hosts.started import web_process
from tests.upstreams.checks import CHECKS, App
from tests.upstreams.installing import MissingServerError
from tests.upstreams.servers import KEY, SERVERS, Server

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "upstreams.md"
BEGIN, END = "<!-- table of make upstreams -->", "<!-- end of the table -->"
Row = tuple[str, str, list[str]]


def main(words: list[str]) -> int:
    """Ask the servers named, or all; returns 1 if a check failed, 2 if a server cannot be had."""
    write = "--write" in words
    wanted = [word.lower() for word in words if not word.startswith("-")]
    servers = [one for one in SERVERS if not wanted or any(word in one.name.lower() for word in wanted)]
    if not servers:
        sys.exit(f"upstreams: no server of that name; there are {', '.join(one.name for one in SERVERS)}")
    rows: list[Row] = []
    problems, missing = [], []
    for server in servers:
        began = time.monotonic()
        try:
            said = examine(server)
        except MissingServerError as error:
            missing.append(f"MISSING: {server.name}: {error}")
            rows.append((server.name, "not there", ["not run"] * len(CHECKS)))
            continue
        except Exception:  # noqa: BLE001 - one server's failure is a line of the table
            said = dict.fromkeys(CHECKS, "did not run")
            problems.append(f"{server.name}: {traceback.format_exc(limit=-3)}")
        rows.append((server.name, server.version(), [_mark(server, check, it) for check, it in said.items()]))
        problems += [
            f"{server.name}: {check}: {it}"
            for check, it in said.items()
            if _mark(server, check, it) == "NO" and it != "did not run"
        ]
        print(f"{server.name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    _print(rows)
    for line in [*problems, *missing]:
        print(line, file=sys.stderr)
    if write and not wanted:
        _write(rows)
    return 1 if problems else 2 if missing else 0


def examine(server: Server) -> dict[str, str]:
    """Start a server and the app in front of it, and ask all questions; what came of each, `yes` if all is well."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="first-token-upstreams-")))
        upstream = opened.enter_context(server.run(folder))
        port = free_port()
        environ = {
            "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": upstream.base_url, "OPENAI_MAX_RETRIES": "0",
            "CHAT_MODEL": upstream.stops, "CHAT_MODELS": "*", "CHAT_MAX_OUTPUT_TOKENS": "4000",
            "PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "1",
        }  # fmt: skip
        started = opened.enter_context(web_process(folder, environ, ("127.0.0.1", port)))
        app = App(started, upstream)
        return {name: _checked(check, app) for name, check in CHECKS.items()}


def _checked(check: object, app: App) -> str:
    assert callable(check)
    try:
        return str(check(app))
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is the answer
        return f"{type(error).__name__}: {error}"


def _mark(server: Server, check: str, said: str) -> str:
    if said == "yes":
        return "yes"
    mark, comes = server.others.get(check, ("NO", ""))
    return mark if comes in said else "NO"


def _print(rows: list[Row]) -> None:
    table = Table("server", "version", *CHECKS)
    for name, version, marks in rows:
        table.add_row(name, version, *marks)
    Console(width=150 if not sys.stdout.isatty() else None).print(table)


def _write(rows: list[Row]) -> None:
    lines = [
        f"| {' | '.join(['server', 'version', *CHECKS])} |",
        f"| {' | '.join(['---'] * (2 + len(CHECKS)))} |",
        *(f"| {' | '.join([name, version, *marks])} |" for name, version, marks in rows),
    ]
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    DOCUMENT.write_text("\n".join([before + BEGIN, *lines, END]) + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
