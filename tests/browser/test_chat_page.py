"""The page in front of the real app and the real mock: what its user does, and sees."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from loadtests.chat import text_from_mock
from loadtests.stack import Stack
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import ScriptedServer
from tests.conftest import MS

pytestmark = pytest.mark.timeout(60, func_only=True)

FOUNDING_PROMPT = "Write an 800-word essay on quantum mechanics"
DIFFICULT = (
    '  two spaces\nbreak,\ttab\n\n\u2028 separator, 👩‍👩‍👧 and 🇺🇳, "quotes", back\\slash, \u202eright\u202c, '
    "<script>document.title = 'taken'</script> <img src=x onerror=alert(1)> &amp;"
)
PHONES = [{"width": 320, "height": 568}, {"width": 360, "height": 740}]


@pytest.fixture
def chat_with(open_page: Callable[..., Page], stack: Stack) -> Callable[..., ChatPage]:
    """Opens the page on a tab with these options; its questions go to this model instead of the app's own."""

    def open_chat(model: str | None = None, **options: object) -> ChatPage:
        page = open_page(**options)
        if model:
            page.route("**/chat", lambda route: ask_of(route, model))
        return ChatPage(page, stack.url)

    return open_chat


def ask_of(route: Route, model: str) -> None:
    asked = route.request.post_data_json
    route.continue_(post_data=json.dumps({**asked, "model": model}))


def expected_text(stack: Stack, prompt: str, model: str = "mock") -> str:
    return text_from_mock(stack.mock_url, prompt, model)


def lengths(chat: ChatPage) -> list[int]:
    """The lengths that the answer's text has, looked at ten times a second until it ends."""
    seen = [len(chat.text)]
    while chat.answer.get_attribute("data-state") != "ended":
        time.sleep(100 * MS)
        seen.append(len(chat.text))
    return seen


@pytest.mark.parametrize(
    ("model", "first_seconds", "seconds", "steps"),
    [
        ("mock-ttft300-itl20-tokens100", 0.3, 2.2, 3),
        pytest.param("mock-founding", 1.03, 7.3, 20, marks=pytest.mark.thorough),
    ],
    ids=["soon", "as founded"],
)
def test_the_essay_grows_and_its_times_are_shown(
    chat_with: Callable[..., ChatPage],
    stack: Stack,
    model: str,
    first_seconds: float,
    seconds: float,
    steps: int,
) -> None:
    chat = chat_with(model)
    chat.page.get_by_role("button", name=FOUNDING_PROMPT).click()
    expect(chat.figures).to_contain_text("waiting for the first token")
    chat.wait_for_characters(1)
    expect(chat.figures).to_contain_text("first token")
    grown = lengths(chat)
    assert grown == sorted(grown)
    assert len(set(grown)) >= steps
    assert chat.source == expected_text(stack, FOUNDING_PROMPT, model)
    first, total = chat.seconds()
    assert first_seconds <= first < first_seconds + 2
    assert seconds - 0.05 <= total < seconds + 4
    assert chat.figures.inner_text().endswith(" tokens")
    expect(chat.notice).to_be_hidden()


def test_a_stopped_answer_stays_as_it_is_and_the_chat_goes_on(chat_with: Callable[..., ChatPage]) -> None:
    chat = chat_with("mock-ttft50-itl20-tokens2000")
    chat.send("Tell me everything")
    chat.wait_for_characters(100)
    chat.stop_button.click()
    expect(chat.notice).to_contain_text("You stopped this answer.")
    expect(chat.stop_button).to_be_hidden()
    chat.page.evaluate("() => new Promise(requestAnimationFrame)")
    stopped = chat.text
    time.sleep(300 * MS)
    assert chat.text == stopped
    source = chat.source
    chat.seconds()
    expect(chat.stop_button).to_be_hidden()
    chat.page.unroute("**/chat")
    chat.page.route("**/chat", lambda route: ask_of(route, "mock-ttft0-itl0-tokens5"))
    chat.ask("In short?")
    assert chat.text
    expect(chat.answers).to_have_count(2)
    # Only the last answer can be continued.
    expect(chat.continue_button).to_have_count(0)
    assert chat.asked[1]["messages"] == [
        {"role": "user", "content": "Tell me everything"},
        {"role": "assistant", "content": source},
        {"role": "user", "content": "In short?"},
    ]


def test_difficult_text_is_text_and_arrives_intact(chat_with: Callable[..., ChatPage], stack: Stack) -> None:
    chat = chat_with("mock-ttft0-itl0")
    chat.ask(DIFFICULT)
    assert chat.questions.locator("p").text_content() == DIFFICULT
    assert chat.source == expected_text(stack, DIFFICULT)
    assert "<script>" in chat.text
    expect(chat.page.get_by_role("log").locator("script, img")).to_have_count(0)
    expect(chat.page).not_to_have_title("taken")


def test_a_message_that_is_too_long_is_not_sent_and_it_is_said_why(
    chat_with: Callable[..., ChatPage],
) -> None:
    chat = chat_with("mock-ttft0-itl0-tokens5")
    chat.send("x" * 40_000)
    expect(chat.page.locator("#over")).to_have_text(
        "40,000 of 32,000 characters: shorten it before it can be sent."
    )
    expect(chat.send_button).to_have_attribute("aria-disabled", "true")
    chat.send_button.click(force=True)
    assert chat.asked == []
    chat.prompt.fill("👩" * 31_999)
    expect(chat.page.locator("#over")).to_have_text("31,999 of 32,000 characters")
    chat.ask("x")
    assert chat.text


def test_the_keyboard_is_enough(chat_with: Callable[..., ChatPage]) -> None:
    chat = chat_with("mock-ttft50-itl20-tokens200")
    keyboard = chat.page.keyboard
    expect(chat.prompt).to_be_focused()
    keyboard.type("one")
    keyboard.press("Shift+Enter")
    keyboard.type("two")
    keyboard.press("Enter")
    chat.wait_for_characters(1)
    expect(chat.prompt).to_have_value("")
    keyboard.press("Escape")
    expect(chat.continue_button).to_be_visible()
    for _ in range(3):
        keyboard.press("Shift+Tab")
    expect(chat.continue_button).to_be_focused()
    keyboard.press("Enter")
    expect(chat.prompt).to_be_focused()
    expect(chat.notice).to_be_hidden()
    keyboard.press("Tab")
    expect(chat.stop_button).to_be_focused()
    keyboard.press("Space")
    expect(chat.notice).to_contain_text("You stopped this answer.")
    expect(chat.prompt).to_be_focused()
    assert [asked["messages"][0]["content"] for asked in chat.asked] == ["one\ntwo"] * 2


@pytest.mark.parametrize("size", PHONES, ids=lambda size: f"{size['width']}px")
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
def test_a_phone_shows_everything_without_scrolling_sideways(
    chat_with: Callable[..., ChatPage], size: dict[str, int], scheme: str
) -> None:
    chat = chat_with("mock-ttft0-itl0", viewport=size, color_scheme=scheme, is_mobile=True, has_touch=True)
    assert chat.overflow() == 0
    chat.ask("W" * 300 + " https://example.org/" + "path/" * 60)
    assert chat.overflow() == 0
    log = chat.page.get_by_role("log")
    assert log.evaluate("log => log.scrollWidth - log.clientWidth") == 0
    for control in (chat.prompt, chat.send_button, chat.figures):
        expect(control).to_be_in_viewport(ratio=1)


@pytest.mark.thorough
def test_a_killed_worker_costs_one_click(open_page: Callable[..., Page]) -> None:
    with Stack(env={"CHAT_MODEL": "mock-ttft50-itl20-tokens60"}) as stack:
        chat = ChatPage(open_page(), stack.url)
        chat.send("Tell me more")
        chat.wait_for_characters(20)
        for worker in workers(stack):
            os.kill(worker, signal.SIGKILL)
        chat.wait_for_end()
        expect(chat.notice).to_contain_text("The connection was lost before the answer was complete.")
        assert chat.text
        chat.continue_button.click()
        chat.wait_for_end()
        expect(chat.notice).to_be_hidden()
        assert chat.source == expected_text(stack, "Tell me more", "mock-tokens60")


def workers(stack: Stack) -> list[int]:
    """The processes of gunicorn that serve."""
    master = stack.processes["web"].pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return [int(pid) for pid in children if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_the_page_is_painted_before_its_scripts_come(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    page = open_page()
    is_held, held = True, list[Route]()
    page.route("**/*.js", lambda route: held.append(route) if is_held else route.continue_())
    page.goto(scripted.url, wait_until="commit")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    expect(page.get_by_role("heading", name="Ask something, and watch the clock.")).to_be_visible()
    expect(page.get_by_label("Message")).to_be_editable()
    # Pressed before, it would have the browser send the form, and lose what was typed.
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    page.get_by_label("Message").fill("Typed early")
    is_held = False
    for route in held:
        route.continue_()
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    expect(page.get_by_label("Message")).to_have_value("Typed early")


def test_scripts_that_do_not_come_are_said_to_be_missing(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    page = open_page()
    page.route("**/chat.js", lambda route: route.abort())
    page.goto(scripted.url)
    missing = page.get_by_text("The scripts of this page have not come.")
    expect(missing).to_be_hidden()
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")
    expect(missing).to_be_visible()


def test_without_javascript_the_page_says_what_is_missing(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(scripted.url)
    expect(page.get_by_role("heading", name="Ask something, and watch the clock.")).to_be_visible()
    expect(page.get_by_label("Message")).to_be_visible()
    missing = page.locator("noscript p")
    expect(missing).to_be_visible()
    expect(missing).to_contain_text("This page needs JavaScript to ask")
