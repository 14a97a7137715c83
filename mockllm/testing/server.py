"""MockLLMServer: the mock as a process of its own, for tests."""

import os
import select
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
_REMEMBERED_LINES = 20


class MockLLMServer:
    """Runs `python -m mockllm` on a free port while the context is open; it has `start_seconds` to begin.

    The process ends with the context, and also when this process dies without leaving it. Keyword arguments
    are settings: `MockLLMServer(seed=7, profile="instant")`.
    """

    def __init__(self, *, start_seconds: float = 30.0, **settings: object) -> None:
        self._settings = settings
        self._start_seconds = start_seconds
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def base_url(self) -> str:
        """The URL an OpenAI client takes as its base."""
        return f"{self.url}/v1"

    @property
    def pid(self) -> int:
        """Return the id of the server's main process. Raises RuntimeError if it does not run."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def start(self) -> "MockLLMServer":
        """Start and wait until it answers. Raises RuntimeError with the reason if it does not."""
        if self._process is not None:
            raise RuntimeError("the server is running already")
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "mockllm", "--port=0", "--stop-with-stdin", *_flags(self._settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(os.environ),
        )
        self._errors = _Echo(process)
        url = _first_line(process, self._start_seconds)
        if not url:
            raise RuntimeError(f"mockllm did not start: {self._reason(process)}")
        self._process, self.url = process, url
        return self

    def _reason(self, process: subprocess.Popen[str]) -> str:
        if _has_ended(process):
            reason = f"exit code {process.returncode}"
        else:
            process.kill()
            process.wait()
            reason = f"no URL within {self._start_seconds:g} seconds"
        told = self._errors.rest().strip()
        _close_pipes(process)
        return f"{reason}: {told}" if told else reason

    def stop(self) -> None:
        """Stop the server; does nothing if it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._errors.rest()
        _close_pipes(process)

    def __enter__(self) -> "MockLLMServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class _Echo:
    """Passes on what a process writes to standard error, and remembers the end of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._last: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def rest(self) -> str:
        """Return the last lines, when the process has ended."""
        self._thread.join(timeout=5)
        return "".join(self._last)

    def _pass_on(self) -> None:
        for line in self._process.stderr or ():
            self._last.append(line)
            with suppress(ValueError, OSError):
                sys.stderr.write(line)


def _first_line(process: subprocess.Popen[str], seconds: float) -> str:
    ready, _, _ = select.select([process.stdout] if process.stdout else [], [], [], seconds)
    return process.stdout.readline().strip() if ready and process.stdout else ""


def _has_ended(process: subprocess.Popen[str]) -> bool:
    """Whether a process that told no URL has ended, or has closed its output and is about to."""
    ready, _, _ = select.select([process.stdout] if process.stdout else [], [], [], 0)
    if ready:
        process.wait()
    return process.poll() is not None


def _flags(settings: Mapping[str, object]) -> list[str]:
    flags = {f"--{name.replace('_', '-')}": value for name, value in settings.items()}
    return [
        name if value is True else f"{name}={value}" for name, value in flags.items() if value is not False
    ]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    # The test's own PORT and HOST are about another server; its working directory may be anywhere.
    kept = {
        name: value
        for name, value in environ.items()
        if name not in ("PORT", "HOST", "WEB_CONCURRENCY") and not name.startswith("MOCKLLM_")
    }
    path = [_PACKAGE_PARENT, *filter(None, [environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(path), "HOST": "127.0.0.1"}


def _close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()
