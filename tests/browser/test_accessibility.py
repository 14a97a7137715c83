"""axe-core finds nothing to complain about, in each state of the pages, in both themes, at both widths."""

from collections.abc import Callable
from typing import Any

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
QUICK = {(375, "dark")}
"""The others are looked at by `make thorough`."""
COVERED = {"elmPartiallyObscured", "elmPartiallyObscuring"}
"""What axe leaves to people: the contrast of text that something lies over or under in part, such as what has scrolled below
the foot. Its ground is known all the same: what it stands on, and that is computed."""
CONTRAST = """target => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) [pen.fillStyle] = [colour], pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(target);
  const grounds = [];
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.backgroundImage !== "none") return 0;
    grounds.unshift(style.backgroundColor);
  }
  const [ground, ink] = [over(grounds), over([...grounds, getComputedStyle(element).color])].map((rgba) => luminance(rgba.slice(0, 3)));
  return (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
}"""
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3, for text of any size."""


def violations(page: Page) -> list[str]:
    """What is wrong, and what axe could not decide and we cannot either, each with its place."""
    found = Axe().run(page).response
    wrong = [(rule, node) for rule in found["violations"] for node in rule["nodes"]]
    open_ = [(rule, node) for rule in found["incomplete"] for node in rule["nodes"]]
    left = [(rule, node) for rule, node in open_ if not is_only_covered(page, rule["id"], node)]
    return [f"{rule['id']} {node['target']} {node['failureSummary']}" for rule, node in wrong + left]


def is_only_covered(page: Page, rule: str, node: dict[str, Any]) -> bool:
    """Whether a node's contrast is undecided only because of what covers it, and enough."""
    keys = {check["data"].get("messageKey") for check in node["any"] if isinstance(check.get("data"), dict)}
    if rule != "color-contrast" or not keys or not keys <= COVERED:
        return False
    return bool(page.evaluate(CONTRAST, node["target"][0]) >= LEAST_CONTRAST)


VIEWS = [
    pytest.param(width, scheme, marks=[] if (width, scheme) in QUICK else pytest.mark.thorough)
    for width in (375, 1280)
    for scheme in ("light", "dark")
]


def test_a_contrast_that_is_too_low_is_seen(open_page: Callable[..., Page], scripted: ScriptedServer) -> None:
    page = open_page()
    page.goto(scripted.url)
    covered = {"target": ["h1"], "any": [{"data": {"messageKey": "elmPartiallyObscured"}}]}
    assert is_only_covered(page, "color-contrast", covered)
    page.evaluate("document.querySelector('h1').style.color = '#999'")
    assert not is_only_covered(page, "color-contrast", covered)
    assert not is_only_covered(
        page, "color-contrast", {**covered, "any": [{"data": {"messageKey": "bgGradient"}}]}
    )
    assert not is_only_covered(page, "aria-hidden-focus", covered)


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
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


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
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
