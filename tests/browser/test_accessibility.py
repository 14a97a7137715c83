"""axe-core finds nothing to complain about, in each state of the pages, in both themes, at both widths."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import Exchange, ScriptedServer, delta, done, whole
from tests.browser.test_chat_page_in_trouble import START, refusing

pytestmark = pytest.mark.timeout(90, func_only=True)

RICH = (
    "# Title\n\nText with `code`, **bold**, a [link](https://example.org).\n\n1. one\n2. two\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\n```python\nprint('hello')  # comment\n```\n"
)
LOOKED_AT = {"color-contrast"}
"""What axe may leave to people: the contrast of text it cannot see the ground of, such as text under the fold."""


def violations(page: Page) -> list[str]:
    """What is wrong, and what axe could not decide, each with its place."""
    found = Axe().run(page).response
    wrong = [(rule, node) for rule in found["violations"] for node in rule["nodes"]]
    open_ = [
        (rule, node) for rule in found["incomplete"] if rule["id"] not in LOOKED_AT for node in rule["nodes"]
    ]
    return [f"{rule['id']} {node['target']} {node['failureSummary']}" for rule, node in wrong + open_]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_chat(open_page: Callable[..., Page], scripted: ScriptedServer, scheme: str, width: int) -> None:
    def thinking(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, {"type": "reasoning", "text": "Hm."}, delta(RICH), done(tokens=100))
        exchange.end()

    def endless(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, {"type": "reasoning", "text": "Hm."}, delta("So far"))
        exchange.wait_until_client_left()

    scripted.settings = {"model": "one", "models": "one,two", "allow_system_messages": True}
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    chat = ChatPage(page, scripted.url)
    assert violations(page) == []

    scripted.answer_with(
        thinking, whole("Two."), refusing(503, "9", code="over_capacity", message="Full."), endless
    )
    chat.ask("Tell me")
    page.locator(".thinking summary").click()
    assert violations(page) == []
    page.locator("[data-action=regenerate]").last.click()
    chat.wait_for_end()
    page.locator("[data-action=edit]").first.click()
    assert violations(page) == []
    page.locator("[data-part=cancel]").first.click()
    chat.ask("More")
    assert violations(page) == []
    chat.send("And more")
    chat.wait_for_text("So far")
    assert violations(page) == []
    chat.stop_button.click()
    page.locator("[data-action=remove]").last.click()
    chat.prompt.fill("x" * 33_000)
    expect(page.locator("#over")).not_to_be_empty()
    assert violations(page) == []
    chat.prompt.fill("")

    page.locator("#list-button").click()
    page.locator("#list [data-action=rename]").first.click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#list [data-part=close]").click()
    for opener, dialog in (
        ("#settings-button", "#settings"),
        ("#figures-button", "#figures"),
    ):
        page.locator(opener).click()
        expect(page.locator(dialog)).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
    page.locator("body").press("?")
    expect(page.locator("#help")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_race_and_the_access_token(
    open_page: Callable[..., Page], scripted: ScriptedServer, scheme: str, width: int
) -> None:
    def blocking_or_streaming(exchange: Exchange) -> None:
        if exchange.asked.get("stream") is not False:
            whole("One.")(exchange)
            return
        exchange.respond(
            200,
            "application/json",
            b'{"id":"c","model":"m","text":"One.","finish_reason":"stop","usage":null}',
        )

    scripted.settings = {"model": "one", "access_token": "correct-horse-battery"}
    scripted.answer_with(blocking_or_streaming, blocking_or_streaming)
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"{scripted.url}/race")
    assert violations(page) == []
    page.get_by_label("Access token").fill("correct-horse-battery")
    page.get_by_role("button", name="Use token").click()
    page.get_by_role("button", name="Start the race").click()
    expect(page.locator("#result")).to_be_visible()
    assert violations(page) == []
