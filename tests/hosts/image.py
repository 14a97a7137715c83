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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Container:
    """One that runs; what it prints, does and says of itself, by podman's word."""

    name: str
    target: str

    def printed(self) -> str:
        return run(*PODMAN, "logs", self.name)

    def does(self, *command: str) -> str:
        """Run a command inside; its standard output. Raises MissingPartError, with what it said."""
        return run(*PODMAN, "exec", self.name, *command)

    def stop(self) -> tuple[float, int]:
        """Stop it as a host does; how many seconds that took, and its exit code: 137 is a killed one's."""
        began = time.monotonic()
        run(*PODMAN, "stop", "--time", str(STOP_SECONDS), self.name)
        took = time.monotonic() - began
        return took, int(run(*PODMAN, "inspect", "--format", "{{.State.ExitCode}}", self.name))

    def await_health(self) -> None:
        """Wait until the image's own health check says yes. Raises MissingPartError, with what was printed."""
        described = json.loads(run("buildah", "inspect", "--type", "image", tag(self.target)))
        words = described["Docker"]["config"]["Healthcheck"]["Test"][1:]
        until = time.monotonic() + START_SECONDS
        while True:
            with suppress(MissingPartError):
                self.does(*words)
                return
            if time.monotonic() > until:
                raise MissingPartError(f"{self.name} is not healthy: {self.printed()}")
            time.sleep(0.2)


@contextmanager
def running(environ: Mapping[str, str], port: int, target: str = "app") -> Iterator[Container]:
    """Run it read-only, without capabilities, on the machine's own network. It may not answer yet."""
    build()
    variables = [option for name, value in environ.items() for option in ("-e", f"{name}={value}")]
    guard = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    container = Container(f"first-token-{os.getpid()}-{port}", target)
    options = ("--detach", "--name", container.name, "--network", "host", "--no-healthcheck", *LIMITS, *guard)
    run(*PODMAN, "run", *options, *variables, tag(target))
    try:
        yield container
    finally:
        subprocess.run(
            [*PODMAN, "rm", "--force", "--time", "5", container.name], capture_output=True, check=False
        )


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
