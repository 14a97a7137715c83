"""Runs the mock under gunicorn's gevent worker, quietly, on a socket that is bound before gunicorn starts."""

import gc
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from mockllm.serving.settings import Settings

Create = Callable[[str], Flask]
"""Makes the application; it is given the path of a file for what its workers share."""


def bind(host: str, port: int) -> socket.socket:
    """Bind and listen. Raises OSError at once if the port is taken; gunicorn would try again for seconds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(2048)
    return listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(create: Create, settings: Settings, listener: socket.socket, *, stop_with_stdin: bool) -> None:
    """Serve until a signal comes; raises SystemExit then."""
    master = os.getpid()
    directory = tempfile.mkdtemp(prefix="mockllm-")
    try:
        _serve(partial(create, f"{directory}/state"), settings, listener, stop_with_stdin)
    finally:
        # A worker that ends in its own way unwinds this too.
        if os.getpid() == master:
            shutil.rmtree(directory, ignore_errors=True)


def _serve(
    create: Callable[[], Flask], settings: Settings, listener: socket.socket, stop_with_stdin: bool
) -> None:
    url = url_of(listener)
    _log_to_stderr(settings.log_level)
    options = {
        "bind": f"fd://{listener.detach()}",
        "worker_class": "gevent",
        "workers": settings.workers,
        # Each stream is a connection, and a load test opens thousands.
        "worker_connections": 20_000,
        "keepalive": 120,
        "loglevel": settings.log_level,
        # Only a limit: the workers leave at the first signal, lest an endless stream hold up a stop.
        "graceful_timeout": 2,
        "control_socket_disable": True,
        # One import for all workers, before the first of them says that it is ready.
        "preload_app": True,
        "when_ready": _stop_alike,
        "post_worker_init": _Announcement(url, stop_with_stdin),
    }
    _Server(create, options).run()  # type: ignore[no-untyped-call] # gunicorn declares no types


def _log_to_stderr(level: str) -> None:
    log = logging.getLogger("mockllm")
    # A rule file that cannot be read is told at any level.
    log.setLevel(min(logging.getLevelName(level.upper()), logging.WARNING))
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False


class _Server(BaseApplication):
    def __init__(self, create: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._create = create
        self._options = options
        super().__init__()  # type: ignore[no-untyped-call] # gunicorn declares no types

    def load_config(self) -> None:
        config: Any = self.cfg
        for name, value in self._options.items():
            config.set(name, value)

    def load(self) -> Any:
        return self._create()


def _stop_alike(arbiter: Any) -> None:
    # gunicorn takes a second longer over Ctrl-C than over SIGTERM.
    signal.signal(signal.SIGINT, lambda _number, frame: arbiter.signal(signal.SIGTERM, frame))


class _Announcement:
    """The first worker says where it listens once it is able to answer."""

    def __init__(self, url: str, stop_with_stdin: bool) -> None:
        self._url = url
        self._stop_with_stdin = stop_with_stdin

    def __call__(self, worker: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, _leave_at_once)
        if sender := worker.wsgi.extensions.get("mockllm"):
            sender.work_as(worker.age - 1)
        # What is loaded stays: a full collection over it would hold up every stream for tens of milliseconds.
        gc.collect()
        gc.freeze()
        # The short-lived rest makes no cycles but Flask's router's, a handful with each request. So many are
        # looked through in less than a millisecond, and are all that waits for it.
        gc.set_threshold(10_000, 20, 100)
        if self._stop_with_stdin:
            # Each of them: the first may be gone before standard input is, and to be told twice does no harm.
            _watch_stdin(worker.ppid)
        if worker.age != 1:
            return
        sys.stdout.write(f"{self._url}\nClients of OpenAI's API take base_url={self._url}/v1\n")
        sys.stdout.flush()


def _leave_at_once(_number: int, _frame: object) -> None:
    os._exit(0)


def _watch_stdin(master: int) -> None:
    """Stop the server when whoever holds the other end of standard input is gone, however it ended."""
    import gevent.os  # noqa: PLC0415 - only in a worker, where gevent is at home

    def wait() -> None:
        gevent.os.make_nonblocking(0)
        while gevent.os.nb_read(0, 1024):
            pass
        os.kill(master, signal.SIGTERM)

    gevent.spawn(wait)
