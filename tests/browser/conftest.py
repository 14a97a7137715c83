import functools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page, sync_playwright

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import ScriptedServer, scripted_server
from tests.programs import HEADLESS_CHROMIUM, required

FOLDER = Path(__file__).parent
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


_shared = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Close what these tests share behind the last of them: Playwright's event loop runs in this thread while it is open."""
    yield
    if nextitem is None or FOLDER not in nextitem.path.parents:
        _close_shared()


def pytest_sessionfinish() -> None:
    """After an interruption as well."""
    _close_shared()


def _close_shared() -> None:
    for opened in (_chromium, _profiles, _scripted_server):
        opened.cache_clear()
    _shared.close()


@functools.cache
def _chromium() -> Browser:
    path = required(HEADLESS_CHROMIUM)
    # Chromium's sandbox refuses to serve root, which containers run as.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    playwright = _shared.enter_context(sync_playwright())
    chromium = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
    _shared.callback(chromium.close)
    return chromium


@functools.cache
def _scripted_server() -> ScriptedServer:
    return _shared.enter_context(scripted_server())


@pytest.fixture
def browser() -> Browser:
    """One for all tests of this folder."""
    return _chromium()


class Profiles:
    """Browser profiles that one test has after another: what a page has kept is cleared, its modules stay in the cache."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}
        self._lent: list[tuple[str, BrowserContext]] = []
        self._clearing: dict[BrowserContext, CDPSession] = {}

    def lend(self, **options: object) -> BrowserContext:
        """A profile with these options that nobody else has in this test."""
        kind = repr(sorted(options.items()))
        idle = self._idle.setdefault(kind, [])
        context = idle.pop() if idle else self._new(options)
        self._lent.append((kind, context))
        return context

    def take_back(self) -> None:
        """Close the pages of the profiles that were lent, and clear what they kept."""
        for kind, context in self._lent:
            # The first page stays: it keeps the profile's processes, and clears.
            for page in context.pages[1:]:
                page.close()
            context.set_offline(False)
            context.clear_permissions()
            context.clear_cookies()
            everything = {"origin": "*", "storageTypes": "indexeddb,local_storage,service_workers"}
            self._clearing[context].send("Storage.clearDataForOrigin", everything)
            self._idle[kind].append(context)
        self._lent.clear()

    def _new(self, options: dict[str, object]) -> BrowserContext:
        context = self._browser.new_context(**options)  # type: ignore[arg-type]  # Playwright's own options, passed through
        self._clearing[context] = context.new_cdp_session(context.new_page())
        return context


@functools.cache
def _profiles() -> Profiles:
    return Profiles(_chromium())


@pytest.fixture
def profiles() -> Profiles:
    """Those of the tests before, cleared."""
    return _profiles()


@pytest.fixture
def open_page(profiles: Profiles) -> Iterator[Callable[..., Page]]:
    """Opens tabs, each in a profile of its own; whatever the browser complains about in any of them fails the test."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_OR_CUT):
            complaints.append(message.text)

    def open_one(**options: object) -> Page:
        page = profiles.lend(**options).new_page()
        page.set_default_timeout(10_000)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    profiles.take_back()
    assert complaints == []


@pytest.fixture
def scripted() -> ScriptedServer:
    """A scripted server that knows nothing of the test before."""
    server = _scripted_server()
    server.forget()
    return server


@pytest.fixture
def chat(open_page: Callable[..., Page], scripted: ScriptedServer) -> ChatPage:
    """The page in front of the scripted server."""
    return ChatPage(open_page(), scripted.url)
