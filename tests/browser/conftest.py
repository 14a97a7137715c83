import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import ScriptedServer, scripted_server
from tests.programs import CHROMIUM, required

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STATUS_OR_CUT = "Failed to load resource"
"""How Chromium logs what the page itself tells its user about."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For a module, not the session: Playwright's event loop runs in this thread for as long as it is open."""
    path = required(CHROMIUM)
    # Chromium's sandbox refuses to serve root, which containers run as.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs, each in a fresh profile; whatever the browser complains about in any of them fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_OR_CUT):
            complaints.append(message.text)

    def open_one(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # Playwright's own options, passed through
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def chat(open_page: Callable[..., Page], scripted: ScriptedServer) -> ChatPage:
    """The page in front of the scripted server."""
    return ChatPage(open_page(), scripted.url)
