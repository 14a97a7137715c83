"""The programs that tests need beside Python: found on this machine, else got, else missed loudly."""

import fcntl
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import playwright
import pytest

from tests.environment import of_downloads

SEARCHED = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
"""Debian keeps servers where an ordinary user's PATH does not look."""

INSTALL = ("apt-get", "-o", "DPkg::Lock::Timeout=60", "install", "-y", "--no-install-recommends")
DOWNLOAD_SECONDS = 180.0
VERSION_SECONDS = 20.0
SAID_CHARACTERS = 300


class MissingError(Exception):
    """A program is not there and could not be got; the message says what was tried."""


@dataclass(frozen=True)
class Program:
    """The names it goes by, the least major version (None: it says none), and how to get it, cheapest way first.

    Each way returns the path of what it got, and raises MissingError if it got nothing.
    """

    names: tuple[str, ...]
    ways_to_get: tuple[Callable[[], str], ...] = ()
    version_option: str = "--version"
    least_version: int | None = 0


def required(program: Program) -> str:
    """The path of a program that works. Where there is none the test is skipped, and fails if CI is set."""
    try:
        return find_or_get(program)
    except MissingError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@functools.cache
def find_or_get(program: Program) -> str:
    """The path of a program that works; raises MissingError."""
    tried = []
    with _one_at_a_time():
        for way in (functools.partial(_installed, program.names), *program.ways_to_get):
            try:
                path = way()
                _check(program, path)
            except MissingError as missing:
                tried.append(str(missing))
            else:
                return path
    raise MissingError(f"This test needs {program.names[0]}: " + "; ".join(tried))


def _debian(package: str, *names: str) -> Callable[[], str]:
    """Install a package, if this is root on a Debian."""

    def install() -> str:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise MissingError("apt-get install is for root on Debian")
        # RUNLEVEL: the packages of servers must not start them.
        environment = {**of_downloads(), "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        _run(["apt-get", "update"], environment)
        _run([*INSTALL, package], environment)
        return _installed(names)

    return install


def _playwrights_chromium() -> str:
    """Playwright's own download, or what an earlier one left."""
    environment = {**of_downloads(), "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    _run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"], environment)
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    return _run([sys.executable, "-c", ask], environment).strip()


def _playwrights_node() -> str:
    """The node that Playwright's package brings along to run itself."""
    return str(Path(playwright.__file__).parent / "driver" / "node")


CHROMIUM = Program(
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    (_playwrights_chromium, _debian("chromium", "chromium")),
)
HEADLESS_CHROMIUM = Program(
    ("chromium-headless-shell", *CHROMIUM.names),
    (_playwrights_chromium, _debian("chromium-headless-shell", "chromium-headless-shell")),
)
"""The same engine without the browser's own windows, which nobody sees in a test and a third of its time goes to."""

NODE = Program(("node",), (_playwrights_node,), least_version=20)
NPM = Program(("npm",), (_debian("npm", "npm"),))
NGINX = Program(("nginx",), (_debian("nginx-light", "nginx"),), version_option="-v")
HAPROXY = Program(("haproxy",), (_debian("haproxy", "haproxy"),), version_option="-v")
FIREFOX = Program(("firefox-esr", "firefox"), (_debian("firefox-esr", "firefox-esr"),))
WEBKIT_DRIVER = Program(
    ("WebKitWebDriver",),
    (_debian("webkit2gtk-driver", "WebKitWebDriver"),),
    version_option="--help",
    least_version=None,
)
XVFB = Program(("Xvfb",), (_debian("xvfb", "Xvfb"),), version_option="-help", least_version=None)
REDIS = Program(("redis-server",), (_debian("redis-server", "redis-server"),))


def _installed(names: tuple[str, ...]) -> str:
    for name in names:
        if path := shutil.which(name, path=SEARCHED):
            return path
    raise MissingError(f"none of {', '.join(names)} is installed")


def _check(program: Program, path: str) -> None:
    """A file by that name is no proof: Ubuntu's chromium-browser without snap is a note to its reader."""
    said = _run([path, program.version_option], dict(os.environ), VERSION_SECONDS)
    version = re.search(r"\d+", said)
    if program.least_version is None:
        return
    if not version or int(version[0]) < program.least_version:
        raise MissingError(f"{path}: expected version {program.least_version} or later, got {said.strip()!r}")


def _run(command: list[str], environment: dict[str, str], seconds: float = DOWNLOAD_SECONDS) -> str:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MissingError(str(error)) from None
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())
        raise MissingError(f"{' '.join(command)} failed: {said[:SAID_CHARACTERS]}")
    return done.stdout + done.stderr


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """The workers of a parallel run wait for the one that installs."""
    with (Path(tempfile.gettempdir()) / f"first-token-programs-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
