"""The hosts that can be had here, each by a real part of it: how the app is started on it and asked."""

import base64
import http.client
import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from loadtests.rig import StartError
from loadtests.rig.ports import free_port
from tests.hosts import image, image_life, lambda_emulator
from tests.hosts.asking import TIMEOUT_SECONDS, Answer, ask
from tests.hosts.sources import unpack
from tests.hosts.started import READY_SECONDS, web_process
from tests.hosts.vercel_build import vercel_function

LOOPBACK = "127.0.0.1"
DEADLINE_SECONDS = 1.5
Environ = Mapping[str, str]


@dataclass(frozen=True)
class Running:
    """An app that answers at a port of the loopback."""

    port: int
    printed: Callable[[], str]
    headers: Callable[[], dict[str, str]] = dict
    """What the host's router adds to a request whose answer it would cut after DEADLINE_SECONDS."""
    asking: Callable[..., Answer] | None = None
    """How it is asked, if not by HTTP."""

    def ask(self, model: str, **more: Any) -> Answer:
        """Ask as tests.hosts.asking has it."""
        if self.asking:
            return self.asking(model, **more)
        return ask(http.client.HTTPConnection(LOOPBACK, self.port, timeout=TIMEOUT_SECONDS), model, **more)


@dataclass(frozen=True)
class Kind:
    """A host, what of it runs here, and how."""

    name: str
    part: str
    run: Callable[[Path, Environ], AbstractContextManager[Running]]
    more: Callable[[], list[str]] = list
    """What is to be said of it beside the table. Raises AssertionError."""


@contextmanager
def heroku(folder: Path, environ: Environ) -> Iterator[Running]:
    """The Procfile's line under the buildpack's environment, from a folder that has only what is in git."""
    from tests.hosts.test_heroku import buildpacks  # noqa: PLC0415 - a test, whose table this is

    root, port = unpack(folder / "app"), free_port()
    own = {**buildpacks(root, port), "CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS), **environ}
    with web_process(folder, own, (LOOPBACK, port), root=root) as web:
        yield Running(port, web.printed)


@contextmanager
def gthread(folder: Path, environ: Environ) -> Iterator[Running]:
    """gunicorn's threads, for hosts that allow no gevent."""
    port = free_port()
    own = {"PORT": str(port), "HOST": LOOPBACK, "CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS), **environ}
    flags = "--worker-class gthread --threads 8"
    with web_process(folder, own, (LOOPBACK, port), arguments=flags) as web:
        yield Running(port, web.printed)


@contextmanager
def flask(folder: Path, environ: Environ) -> Iterator[Running]:
    """Flask's own server."""
    port = free_port()
    own = {"CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS), **environ}
    line = f"python -m flask --app webapp run --port {port} 2>/dev/null"
    with web_process(folder, own, (LOOPBACK, port), line=line) as web:
        yield Running(port, web.printed)


@contextmanager
def unframed(folder: Path, environ: Environ) -> Iterator[Running]:
    """Python's own server, which closes at the end of a body and frames nothing."""
    port = free_port()
    own = {"CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS), **environ}
    line = f"python -m tests.hosts.unframed_server {port}"
    with web_process(folder, own, (LOOPBACK, port), line=line) as web:
        yield Running(port, web.printed)


@contextmanager
def vercel(folder: Path, environ: Environ) -> Iterator[Running]:
    """Vercel's runtime for Python, which is told where to log and says where it listens by a socket."""
    function, python = vercel_function()
    path = folder / "ipc.sock"
    said: queue.Queue[dict[str, object]] = queue.Queue()
    logged: list[str] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=_platform, args=(listener, said, logged), daemon=True).start()
        own = {
            "VERCEL": "1",
            "VERCEL_IPC_PATH": str(path),
            "PYTHONPATH": "_vendor",
            "PYTHONDONTWRITEBYTECODE": "1",
            **environ,
        }
        line = f"{python} -c 'import vc__handler__python'"
        with web_process(folder, own, (LOOPBACK, 1), line=line, root=function, ready=False) as web:
            try:
                port = said.get(timeout=READY_SECONDS)["httpPort"]
            except queue.Empty:
                raise StartError(f"the runtime does not start: {web.printed()}") from None
            yield Running(int(str(port)), lambda: "".join(logged), _vercels_deadline)


def _vercels_deadline() -> dict[str, str]:
    at = datetime.now(UTC) + timedelta(seconds=DEADLINE_SECONDS)
    return {"x-vercel-internal-deadline": at.isoformat(timespec="milliseconds")}


def _platform(listener: socket.socket, said: "queue.Queue[dict[str, object]]", logged: list[str]) -> None:
    """Read what the runtime says: JSON objects that end with a zero byte."""
    with suppress(OSError):
        sock, _ = listener.accept()
        with sock, sock.makefile("rb") as stream:
            rest = b""
            while data := stream.read1(65_536):
                *whole, rest = (rest + data).split(b"\0")
                for message in map(json.loads, whole):
                    if message["type"] == "server-started":
                        said.put(message["payload"])
                    elif message["type"] == "log":
                        text = base64.b64decode(message["payload"]["message"]).decode()
                        logged.append(text if text.endswith("\n") else f"{text}\n")


@contextmanager
def on_lambda(folder: Path, environ: Environ) -> Iterator[Running]:
    """AWS's emulator around the Procfile's line, with a stand-in for the Web Adapter between them."""
    port, app_port = free_port(), free_port()
    own = {**lambda_emulator.FUNCTION, "PORT": str(app_port), "HOST": LOOPBACK, **environ}
    with (
        web_process(folder, own, (LOOPBACK, app_port)) as web,
        lambda_emulator.emulator(folder, port, app_port) as notes,
    ):
        yield Running(port, web.printed, asking=partial(lambda_emulator.invoke, port, notes))


@contextmanager
def container(folder: Path, environ: Environ) -> Iterator[Running]:
    """The image under podman: read-only, without capabilities, as a user who is not root."""
    port = free_port()
    own = {
        "PORT": str(port),
        "HOST": LOOPBACK,
        "CHAT_DEADLINE_SECONDS": str(DEADLINE_SECONDS),
        **environ,
    }
    with image.running(own, port) as started:
        started.await_health()
        yield Running(port, started.printed)


KINDS = (
    Kind("Heroku", "the Procfile's line under the Python buildpack's environment, from git's files", heroku),
    Kind(
        "Vercel",
        "what `vercel build` makes, with its own runtime, behind a stand-in of the platform's socket",
        vercel,
    ),
    Kind("AWS Lambda", "AWS's own emulator, behind a stand-in of its Web Adapter", on_lambda),
    Kind(
        "an image anywhere",
        "the image, built by buildah, run by podman",
        container,
        image_life.facts,
    ),
    Kind("gunicorn's threads", "gunicorn --worker-class gthread", gthread),
    Kind("Flask's own server", "flask run", flask),
    Kind("HTTP/1.0 without framing", "wsgiref, Python's own server", unframed),
)
