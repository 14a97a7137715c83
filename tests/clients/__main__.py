"""Real clients in front of the mock: `make clients` installs the newest of each and prints what works.

Each client has an environment of its own below CLIENTS_DIR (default .venv/clients), made by uv or npm. The examples
of the manual that need a client run there, too.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from mockllm import MockLLMServer

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLES = ROOT / "docs" / "examples" / "in_tests"
CHECKS = ("text", "stream", "tools", "structured", "errors", "usage", "example")


class Client(NamedTuple):
    """A client: what is installed, the script here that uses it, and the manual's example of it, if there is one."""

    packages: tuple[str, ...]
    script: str
    example: str = ""


CLIENTS = {
    "openai": Client(("openai",), "with_openai.py", "test_with_openai.py"),
    "anthropic": Client(("anthropic",), "with_anthropic.py"),
    "google-genai": Client(("google-genai",), "with_google.py"),
    "ai": Client(("ai", "@ai-sdk/openai", "zod"), "with_ai_sdk.mjs", "with_ai_sdk.test.mjs"),
    "langchain-openai": Client(("langchain-openai",), "with_langchain.py", "test_with_langchain.py"),
    "llama-index": Client(("llama-index-llms-openai",), "with_llama_index.py"),
    "pydantic-ai": Client(("pydantic-ai-slim[openai]",), "with_pydantic_ai.py"),
    "instructor": Client(("instructor",), "with_instructor.py"),
    "litellm": Client(("litellm",), "with_litellm.py"),
}


def main(wanted: Sequence[str]) -> int:
    """Run the clients named, or all; return 1 if anything failed."""
    root = Path(os.environ.get("CLIENTS_DIR", ".venv/clients")).resolve()
    table = Table("client", "version", *CHECKS)
    problems: list[str] = []
    with MockLLMServer(profile="instant") as server:
        for name in wanted or CLIENTS:
            told = run(name, CLIENTS[name], root, server.url)
            table.add_row(name, told.pop("version", "?"), *(_mark(told.get(check)) for check in CHECKS))
            problems += [
                f"{name}, {check}: {why}" for check, why in told.items() if why not in ("ok", "none")
            ]
    Console(width=110).print(table)
    for problem in problems:
        print(problem)
    return bool(problems)


def run(name: str, client: Client, root: Path, url: str) -> dict[str, str]:
    """Install a client, run its script, and return what it says of each check."""
    folder = root / name
    try:
        command = _node(folder, client) if client.script.endswith(".mjs") else _python(folder, client)
        environ = {"MOCK_URL": url, "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        done = subprocess.run(
            command, env=environ, cwd=folder, capture_output=True, text=True, timeout=180, check=False
        )
        said: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
        said["example"] = example(folder, client) if client.example else "none"
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        return {"text": f"did not run: {error}"}
    return said


def _python(folder: Path, client: Client) -> list[str]:
    python = folder / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    if not python.exists():
        subprocess.run([*uv, "venv", "--quiet", folder], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *client.packages], check=True)
    return [str(python), str(HERE / client.script)]


def _node(folder: Path, client: Client) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", *client.packages], cwd=folder, check=True)
    # A module finds its packages beside itself.
    script = folder / client.script
    script.write_bytes((HERE / client.script).read_bytes())
    return ["node", str(script)]


def example(folder: Path, client: Client) -> str:
    """Run the manual's example with this client, as a stranger who has installed the mock."""
    if client.example.endswith(".mjs"):
        for file in EXAMPLES.glob("*.mjs"):
            (folder / file.name).write_bytes(file.read_bytes())
        command = ["node", "--test", client.example]
    else:
        python = folder / "bin" / "python"
        uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        subprocess.run(
            [*uv, "pytest", "--reinstall-package", "firsttoken-mockllm", ROOT / "mockllm"], check=True
        )
        options = ("-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", os.devnull)
        command = [str(python), "-m", "pytest", *options, str(EXAMPLES / client.example)]
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "MOCKLLM": str(_program(folder)),
    }
    done = subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, timeout=180, check=False
    )
    return "ok" if done.returncode == 0 else (done.stdout + done.stderr).strip()[-300:]


def _program(folder: Path) -> Path:
    """The command `mockllm` of this checkout, for clients in other languages."""
    program = folder / "mockllm.sh"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m mockllm "$@"\n')
    program.chmod(0o755)
    return program


def _mark(told: str | None) -> str:
    return {"ok": "yes", "none": "-", None: "?"}.get(told, "NO")


def names(arguments: Sequence[str]) -> Iterator[str]:
    for name in arguments:
        if name not in CLIENTS:
            sys.exit(f"clients: unknown client {name!r}; the known ones are {', '.join(CLIENTS)}")
        yield name


if __name__ == "__main__":
    sys.exit(main(list(names(sys.argv[1:]))))
