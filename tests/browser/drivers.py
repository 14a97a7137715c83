"""Firefox and WebKit as Debian has them: what Playwright only drives in builds of its own."""

import json
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
import websocket
from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service

from loadtests.rig import Program, free_port, running
from tests.programs import FIREFOX, WEBKIT_DRIVER, XVFB, required

START_SECONDS = 30.0
MINI_BROWSER = "MiniBrowser"


class Driver(Protocol):
    """A browser with one page in it."""

    def open(self, url: str) -> None:
        """Load a page to its end."""

    def run(self, expression: str) -> Any:
        """Return what an expression gives there, as plain data."""


class Firefox:
    """Driven by WebDriver BiDi, which Firefox speaks itself."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=START_SECONDS, suppress_origin=True)
        self._sent = 0
        self._call("session.new", {"capabilities": {}})
        contexts = self._call("browsingContext.getTree", {})["contexts"]
        self._context = contexts[0]["context"]

    def open(self, url: str) -> None:
        self._call("browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"})

    def run(self, expression: str) -> Any:
        target = {"context": self._context}
        asked = {"expression": f"JSON.stringify({expression})", "target": target, "awaitPromise": True}
        said = self._call("script.evaluate", asked)
        assert said["type"] == "success", said
        return json.loads(said["result"].get("value", "null"))

    def close(self) -> None:
        self._socket.close()

    def _call(self, method: str, params: dict[str, Any]) -> Any:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == self._sent:
                assert said["type"] == "success", said
                return said["result"]


class WebKit:
    """Driven by WebKitWebDriver through Selenium."""

    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver

    def open(self, url: str) -> None:
        self._driver.get(url)

    def run(self, expression: str) -> Any:
        return self._driver.execute_script(f"return {expression}")


@contextmanager
def firefox() -> Iterator[Driver]:
    port = free_port()
    command = [required(FIREFOX), "--headless", "--no-remote", "--remote-debugging-port", str(port)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        environment = {**os.environ, "HOME": profile, "MOZ_CRASHREPORTER_DISABLE": "1"}
        command += ["--profile", profile]
        with running(command, env=environment, grace_seconds=START_SECONDS) as process:
            driver = _connected(f"ws://127.0.0.1:{port}/session", process)
            yield driver
            driver.close()


def _connected(address: str, process: Program) -> Firefox:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return Firefox(address)
        except (OSError, websocket.WebSocketException):
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


@contextmanager
def webkit() -> Iterator[Driver]:
    driver_path = required(WEBKIT_DRIVER)
    browsers = sorted(Path("/usr/lib").glob(f"*/webkit*/{MINI_BROWSER}"))
    if not browsers:
        pytest.skip(f"no {MINI_BROWSER} beside WebKitWebDriver")
    reading, writing = os.pipe()
    screen = ("-screen", "0", "1280x800x24", "-nolisten", "tcp")
    display = [required(XVFB), "-displayfd", str(writing), *screen]
    with running(display, pass_fds=[writing], grace_seconds=START_SECONDS):
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        options = WebKitGTKOptions()
        options.binary_location = str(browsers[-1])
        options.add_argument("--automation")
        environment = {**os.environ, "DISPLAY": f":{number}", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        with warnings.catch_warnings():
            # Selenium 4 warns of its own use of itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            driver = WebKitGTK(options=options, service=Service(driver_path, env=environment))
        try:
            yield WebKit(driver)
        finally:
            driver.quit()


DRIVERS = {"firefox": firefox, "webkit": webkit}
