"""The page of docs/examples that uses the stream modules from elsewhere, in front of the real app and the real mock."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from loadtests.stack import Stack

pytestmark = pytest.mark.timeout(60, func_only=True)

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
MOST_LINES = 35


class _Site(BaseHTTPRequestHandler):
    """Serves the example, made for an app at this address."""

    app = ""

    def do_GET(self) -> None:
        page = (EXAMPLES / "chat.html").read_text().replace('data-app="/"', f'data-app="{_Site.app}/"')
        self.send_response(200 if self.path == "/chat.html" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def site() -> Iterator[str]:
    """Another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_it_is_short() -> None:
    assert len((EXAMPLES / "chat.html").read_text().splitlines()) <= MOST_LINES


@pytest.mark.thorough
def test_a_page_of_another_origin_streams_stops_and_continues(
    open_page: Callable[..., Page], site: str
) -> None:
    model = "mock-ttft50-itl20-tokens60"
    env = {"CHAT_ALLOWED_ORIGINS": site, "CHAT_MODEL": model, "CHAT_DEADLINE_SECONDS": "0.6"}
    with Stack(env=env) as stack:
        _Site.app = stack.url
        page = open_page()
        page.goto(f"{site}/chat.html")
        page.get_by_label("Prompt").fill("Tell me")
        page.get_by_role("button", name="Ask").click()
        # Two deadlines lie in between: it is one answer all the same.
        expect(page.locator("small")).to_have_text("stop", timeout=15_000)
        whole = page.locator("output").inner_text()
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("output")).not_to_be_empty()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator("small")).to_have_text("stopped")
        assert whole.startswith(page.locator("output").inner_text())
