"""What a run was made with: machine, commit, versions, command."""

import datetime
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

SECRETS = ("--token", "--header")
PASSWORD = re.compile(r"//[^/@\s]*@")
CPU_INFO = Path("/proc/cpuinfo")


def about() -> dict[str, str | int | None]:
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores of {_processor()}, {platform.system()} {platform.release()}",
        "versions": f"Python {platform.python_version()}, Locust {version('locust')}",
        "command": " ".join(without_secrets(sys.argv)),
    }


def without_secrets(arguments: Sequence[str]) -> Iterator[str]:
    """The same, with no value of those that carry keys."""
    hides = False
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        yield "***" if hides else f"{name}=***" if equals and name in SECRETS else without_password(argument)
        hides = argument in SECRETS


def without_password(url: str) -> str:
    """The same, without what stands before the @ of a URL."""
    return PASSWORD.sub("//***@", url)


def _commit() -> str | None:
    """The commit of this code, with a + if it was changed since; None where there is no git."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],  # noqa: S607 - whichever git there is
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def _processor() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
