"""What the process lines of the Procfile are started with: shell command, environment, port."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.environ import parse_procfile

from loadtests.rig import HOST, ROOT, is_free

LEASH = Path(__file__).with_name("leash.py")
MODEL = "mock-founding"


class PortError(Exception):
    """A port that cannot be used, said in one line that names its variable."""


NO_LIMITS = dict.fromkeys(
    (
        "CHAT_MAX_STREAMS",
        "CHAT_MAX_STREAMS_PER_CLIENT",
        "CHAT_REQUESTS_PER_MINUTE",
        "CHAT_TOKENS_PER_MINUTE",
        "CHAT_TOKENS_PER_DAY",
    ),
    "0",
)
"""For measurements: all load comes from one client, and what a limit refuses says nothing of the app."""


def process_lines() -> dict[str, str]:
    """The shell command of each process type, as a host would read it from the Procfile."""
    return dict(parse_procfile((ROOT / "Procfile").read_text()).processes)


def leashed(line: str, lock: Path) -> str:
    """The shell command that runs a line, one simple command, beside a leash on the lock's holder."""
    leash = shlex.join([sys.executable, "-I", "-S", str(LEASH), str(lock)])
    # The group's SIGTERM is meant for the line; the leash, which ignores it from its first moment, stays to
    # see that it works. $$ is this shell, whose place the line takes.
    return f"trap '' TERM; {leash} $$ </dev/null >/dev/null 2>&1 & trap - TERM; exec {line}"


def environments(port: int, mock_port: int, environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The environment of each process type: the caller's, with the app pointed at the mock.

    The caller's own OPENAI_* values never pass: nothing started here may reach a paid API or see its key.
    """
    common = {
        **environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
    }
    model = environ.get("CHAT_MODEL", MODEL)
    web = {
        "CHAT_MODEL": model,
        "CHAT_MODELS": environ.get("CHAT_MODELS", f"{model},mock*"),
        "OPENAI_API_KEY": "mock-key",
        "OPENAI_BASE_URL": f"http://{HOST}:{mock_port}/v1",
        # A host's router comes over the network; what runs here is for this machine.
        "HOST": environ.get("HOST") or HOST,
        "PORT": str(port),
    }
    strangers = [name for name in common if name.startswith("OPENAI_")]
    ours = {name: value for name, value in common.items() if name not in strangers}
    return {"web": {**ours, **web}, "mockllm": {**ours, "PORT": str(mock_port)}}


def port_setting(environ: Mapping[str, str], variable: str, default: int) -> int:
    """The free port that a variable names; raises PortError where it names none, or one that is taken."""
    value = environ.get(variable, str(default))
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 65_536):
        raise PortError(f"{variable}: expected a port from 1 to 65535, got {value!r}")
    if not is_free(int(value)):
        raise PortError(f"{variable}: port {value} is taken; set {variable} to a free one")
    return int(value)
