"""Settings, keys, and what the page says of its line to the server."""

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import Exchange, ScriptedServer, delta, done, whole
from tests.browser.test_chat_page_in_trouble import START, refusing, user

pytestmark = pytest.mark.timeout(60, func_only=True)


def test_settings_hold_at_once_are_sent_and_outlive_a_reload(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    scripted.settings = {"model": "one", "models": "two,three", "allow_system_messages": True}
    scripted.answer_with(whole("1"), whole("2"), whole("3"))
    chat = ChatPage(open_page(), scripted.url)
    page = chat.page
    assert page.locator("#model option").all_text_contents() == ["one", "two", "three"]
    chat.ask("As usual")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Instructions for every answer").fill("Be brief.")
    page.get_by_label("Temperature").fill("0.5")
    page.get_by_label("Answer length").fill("100")
    page.get_by_label("Thinking effort").select_option("high")
    page.get_by_label("Theme").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Temperature").fill("9")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    chat.ask("As set")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Back to usual").click()
    page.keyboard.press("Escape")
    assert not page.locator("html").get_attribute("data-theme")
    chat.ask("As usual again")
    plain, changed, again = scripted.asked
    assert plain == {"messages": [user("As usual")], "model": "one"}
    assert changed["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (changed["temperature"], changed["max_tokens"]) == (0.5, 100)
    assert changed["reasoning_effort"] == "high"
    assert set(again) == {"messages", "model"}


def test_the_theme_is_there_before_any_script(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    page = open_page()
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": scripted.url}])
    page.route("**/*.js", lambda route: route.abort())
    page.goto(scripted.url)
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 23, 27)"


def test_ctrl_enter_sends_where_it_is_set(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("Yes."))
    chat.page.keyboard.press("Alt+Comma")
    chat.page.get_by_label("What sends").select_option("ctrl")
    chat.page.keyboard.press("Escape")
    chat.prompt.fill("one")
    chat.prompt.press("Enter")
    chat.prompt.press("End")
    chat.prompt.press_sequentially("two")
    assert scripted.asked == []
    chat.prompt.press("Control+Enter")
    chat.wait_for_end()
    assert scripted.asked == [{"messages": [user("one\ntwo")]}]


def test_keys_work_wherever_one_is(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("Yes."))
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.ask("There?")
    keyboard = chat.page.keyboard
    keyboard.press("Alt+c")
    expect(chat.page.locator("#toast")).to_contain_text("Copied.")
    assert chat.page.evaluate("navigator.clipboard.readText()") == "Yes."
    keyboard.press("Alt+l")
    expect(chat.page.locator("#list")).to_be_visible()
    keyboard.press("Alt+l")
    expect(chat.page.locator("#list")).to_be_hidden()
    keyboard.press("Alt+t")
    expect(chat.page.locator("#figures tbody tr")).to_have_count(1)
    # Where there is room for it, the whole table is seen.
    assert chat.page.locator(".scroller").evaluate("box => box.scrollWidth - box.clientWidth") == 0
    keyboard.press("Escape")
    keyboard.type("What?")
    expect(chat.prompt).to_have_value("What?")
    chat.page.get_by_role("log").focus()
    keyboard.press("?")
    expect(chat.page.locator("#help")).to_contain_text("new chat")
    keyboard.press("Escape")
    keyboard.press("Alt+n")
    expect(chat.answers).to_have_count(0)
    expect(chat.prompt).to_be_focused()


def test_esc_stops_only_where_it_is_meant(chat: ChatPage, scripted: ScriptedServer) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("So far"))
        exchange.wait_until_client_left()

    scripted.answer_with(endless)
    chat.send("Go on")
    chat.wait_for_text("So far")
    chat.page.locator("#settings-button").click()
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("#settings")).to_be_hidden()
    expect(chat.stop_button).to_be_visible()
    chat.prompt.focus()
    chat.page.keyboard.press("Escape")
    expect(chat.continue_button).to_be_visible()


def test_whoever_reads_keeps_the_focus(chat: ChatPage, scripted: ScriptedServer) -> None:
    reading = threading.Event()

    def slow(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("So far"))
        reading.wait(10)
        exchange.send(done())
        exchange.end()

    scripted.answer_with(slow)
    chat.send("Go on")
    chat.wait_for_text("So far")
    chat.page.get_by_role("log").focus()
    reading.set()
    chat.wait_for_end()
    expect(chat.page.get_by_role("log")).to_be_focused()


def test_a_silence_of_two_heartbeats_is_named(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    heard = threading.Event()

    def silent(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START)
        heard.wait(10)
        exchange.send(delta("At last."), done())
        exchange.end()

    scripted.settings = {"model": "scripted", "heartbeat_seconds": 0.4}
    scripted.answer_with(silent)
    chat = ChatPage(open_page(), scripted.url)
    chat.send("Well?")
    expect(chat.notice).to_contain_text("not even a sign of life")
    heard.set()
    chat.wait_for_end()
    expect(chat.notice).to_be_hidden()


def test_offline_and_back_is_said_and_nothing_is_sent(chat: ChatPage, scripted: ScriptedServer) -> None:
    chat.page.context.set_offline(True)
    line = chat.page.locator("#line")
    expect(line).to_contain_text("You are offline.")
    chat.ask("Hello?")
    expect(chat.notice).to_contain_text("The server cannot be reached.")
    chat.page.context.set_offline(False)
    expect(line).to_contain_text("You are online again.")
    expect(line).to_be_hidden()
    assert scripted.asked == []
    scripted.answer_with(whole("Here."))
    chat.retry_button.click()
    chat.wait_for_end()
    assert chat.text == "Here."


def test_what_helps_is_offered_beside_the_sentence(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(
        refusing(400, code="context_length_exceeded", message="The conversation is too long for this model."),
        refusing(400, code="model_not_allowed", message="model: expected one of a, got b"),
    )
    chat.ask("One")
    chat.notice.get_by_role("button", name="New chat").click()
    expect(chat.answers).to_have_count(0)
    chat.prompt.fill("")
    chat.ask("Two")
    chat.notice.get_by_role("button", name="Settings").click()
    expect(chat.page.locator("#settings")).to_be_visible()


def test_the_box_grows_where_the_browser_cannot_do_that_alone(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    page = open_page()
    page.add_init_script("CSS.supports = () => false")
    page.goto(scripted.url)
    page.add_style_tag(url=f"{scripted.url}/static/page/page.css")
    page.evaluate("document.querySelector('#prompt').style.fieldSizing = 'fixed'")
    prompt = page.get_by_label("Message")
    before = prompt.evaluate("box => box.offsetHeight")
    prompt.fill("one\ntwo\nthree\nfour")
    assert prompt.evaluate("box => box.offsetHeight") > before + 40
