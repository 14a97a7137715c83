"""MockLLMServer: the mock as a process of its own, for tests."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

_PACKAGE_PARENT = str(Path(__file__).resolve().parent.parent)


class MockLLMServer:
    """Runs `python -m mockllm` on a free port while the context is open.

    The process ends with the context, and also when this process dies without leaving it. Keyword arguments
    are settings: `MockLLMServer(seed=7, profile="instant")`.
    """

    def __init__(self, **settings: object) -> None:
        self._settings = settings
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
        """Start and wait until it answers. Raises RuntimeError if it does not start."""
        if self._process is not None:
            raise RuntimeError("the server is running already")
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "mockllm", "--port=0", "--stop-with-stdin", *_flags(self._settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(os.environ),
        )
        url = process.stdout.readline().strip() if process.stdout else ""
        if not url:
            code = process.wait()
            _close_pipes(process)
            raise RuntimeError(f"mockllm did not start: exit code {code}, its reason is on standard error")
        self._process, self.url = process, url
        return self

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
        _close_pipes(process)

    def __enter__(self) -> "MockLLMServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


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
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
