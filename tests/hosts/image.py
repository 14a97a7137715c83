"""The Dockerfile's image: built once for its sources, on a base that debootstrap makes, and run by podman.

No registry is asked. The base stands in for python:3.13-slim: Debian's Python, in the same place for both
stages.
"""

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.hosts.parts import CACHE, MissingPartError, debian_packages, run
from tests.hosts.sources import ROOT, tracked_files

BASE = "docker.io/library/python:3.13-slim"
BASE_RELEASE = "bookworm"
IMAGE = "localhost/first-token"
# The other driver that needs no privileges copies each layer whole.
os.environ.setdefault("STORAGE_DRIVER", "overlay")
PODMAN = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs")
LIMITS = ("--ulimit", "nofile=1024:20000", "--ulimit", "nproc=1024:1024")
"""Lower than podman's own, which only a root of the whole machine may set."""
START_SECONDS = 60.0
STOP_SECONDS = 15


def build() -> None:
    """Build the base and both targets, unless those of these very sources are there. Raises MissingPartError."""
    debian_packages("buildah", "debootstrap", "podman", "runc")
    if not run("buildah", "images", "-q", "--filter", f"reference={BASE}").strip():
        _build_base()
    for target in ("app", "mockllm"):
        if not run("buildah", "images", "-q", "--filter", f"reference={tag(target)}").strip():
            _build_target(target)


def _build_target(target: str) -> None:
    options = ("--isolation", "chroot", "--pull-never", "--format", "docker", "--layers", "--target", target)
    # Whose certificates and which index pip believes is this machine's business.
    mounts = ["-v", "/etc/ssl/certs:/etc/ssl/certs:ro"]
    for name in ("/etc/pip.conf", str(Path.home() / ".config/pip"), str(Path.home() / ".pip")):
        if Path(name).exists():
            mounts += ["-v", f"{name}:{name}:ro"]
    run("buildah", "build", *options, *mounts, "-t", tag(target), ROOT)


def tag(target: str = "app") -> str:
    return f"{IMAGE}-{target}:{_sources_digest()}"


@contextmanager
def running(environ: Mapping[str, str], port: int, target: str = "app") -> Iterator[Callable[[], str]]:
    """Run it read-only, without capabilities, on the machine's own network; what it prints, when asked."""
    build()
    variables = [option for name, value in environ.items() for option in ("-e", f"{name}={value}")]
    guard = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    name = f"first-token-{port}"
    options = ("--detach", "--name", name, "--network", "host", "--no-healthcheck", *LIMITS, *guard)
    run(*PODMAN, "run", *options, *variables, tag(target))
    try:
        _await(name)
        yield lambda: run(*PODMAN, "logs", name)
        began = time.monotonic()
        run(*PODMAN, "stop", "--time", str(STOP_SECONDS), name)
        if time.monotonic() - began > STOP_SECONDS:
            raise MissingPartError("the container had to be killed")
    finally:
        subprocess.run([*PODMAN, "rm", "--force", name], capture_output=True, check=False)


def _await(name: str) -> None:
    """Wait until the image's own health check says yes."""
    described = json.loads(run("buildah", "inspect", "--type", "image", tag()))
    words = described["Docker"]["config"]["Healthcheck"]["Test"][1:]
    until = time.monotonic() + START_SECONDS
    while True:
        done = subprocess.run([*PODMAN, "exec", name, *words], capture_output=True, check=False)
        if done.returncode == 0:
            return
        if time.monotonic() > until:
            raise MissingPartError(run(*PODMAN, "logs", name))
        time.sleep(0.2)


def _build_base() -> None:
    folder = CACHE / f"base-{BASE_RELEASE}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        packages = "python3,python3-venv,ca-certificates"
        run("debootstrap", "--variant=minbase", f"--include={packages}", BASE_RELEASE, str(folder / "root"))
        (folder / "complete").touch()
    made = run("buildah", "from", "scratch").strip()
    run("buildah", "add", "--quiet", made, str(folder / "root"), "/")
    run("buildah", "commit", "--quiet", made, BASE)
    run("buildah", "rm", made)


def _sources_digest() -> str:
    digest = hashlib.sha256()
    for name in sorted(tracked_files()):
        if name.startswith(("webapp/", "mockllm/")) or name in (
            "Dockerfile",
            ".dockerignore",
            "requirements.txt",
        ):
            digest.update(name.encode() + (ROOT / name).read_bytes())
    return digest.hexdigest()[:12]
