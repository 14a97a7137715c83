"""The page of a private chat in front of the real app: it asks for the token, sends it, and loses nothing without it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from loadtests.stack import Stack
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import ScriptedServer, done, whole
from tests.browser.test_chat_page_in_trouble import assistant, ending, refusing, user

pytestmark = pytest.mark.timeout(60, func_only=True)

TOKEN = "correct-horse-battery"
NOT_ACCEPTED = "That token was not accepted."
PHONE = {"width": 320, "height": 568}


@pytest.fixture(scope="module")
def private_stack() -> Iterator[Stack]:
    with Stack(env={"CHAT_ACCESS_TOKEN": TOKEN, "CHAT_MODEL": "mock-ttft0-itl0-tokens20"}) as running:
        yield running


class PrivateChatPage(ChatPage):
    """The page with its form for the token; `authorized_as` holds that header of each `POST /chat`."""

    def __init__(self, page: Page, url: str) -> None:
        self.authorized_as: list[str | None] = []
        page.on(
            "request",
            lambda request: (
                self.authorized_as.append(request.headers.get("authorization"))
                if request.method == "POST"
                else None
            ),
        )
        super().__init__(page, url)
        self.token = page.get_by_label("Access token")

    def give(self, token: str) -> None:
        self.token.fill(token)
        self.token.press("Enter")

    def wait_for_answer(self) -> None:
        """Until it has a text and an end: the refused one has an end already."""
        expect(self.answer.locator("[data-part=text]")).not_to_be_empty()
        self.wait_for_end()


@pytest.fixture
def private_chat(open_page: Callable[..., Page], private_stack: Stack) -> PrivateChatPage:
    return PrivateChatPage(open_page(), private_stack.url)


def test_the_token_is_asked_for_first_and_the_keyboard_is_enough(private_chat: PrivateChatPage) -> None:
    chat, keyboard = private_chat, private_chat.page.keyboard
    expect(chat.token).to_be_focused()
    expect(chat.token).to_have_attribute("type", "password")
    keyboard.type(TOKEN)
    keyboard.press("Enter")
    expect(chat.token).to_be_hidden()
    expect(chat.prompt).to_be_focused()
    keyboard.type("Hello?")
    keyboard.press("Enter")
    chat.wait_for_end()
    assert chat.text
    assert chat.authorized_as == [f"Bearer {TOKEN}"]


def test_a_token_that_is_not_accepted_costs_neither_question_nor_draft(private_chat: PrivateChatPage) -> None:
    chat = private_chat
    chat.give("wrong-horse-battery")
    chat.ask("Hello?")
    form = chat.page.locator("#access")
    expect(form).to_contain_text(NOT_ACCEPTED)
    expect(chat.token).to_be_focused()
    expect(chat.token).to_have_value("")
    chat.send("A draft")
    expect(chat.prompt).to_have_value("A draft")
    expect(chat.token).to_be_focused()
    expect(chat.questions).to_have_count(1)
    chat.give(f" {TOKEN} ")
    chat.wait_for_answer()
    expect(chat.notice).to_be_hidden()
    expect(form).to_be_hidden()
    expect(chat.prompt).to_have_value("A draft")
    assert chat.authorized_as == ["Bearer wrong-horse-battery", f"Bearer {TOKEN}"]
    assert [asked["messages"] for asked in chat.asked] == [[user("Hello?")]] * 2


def test_a_question_asked_without_a_token_is_answered_when_it_is_given(private_chat: PrivateChatPage) -> None:
    chat = private_chat
    chat.page.get_by_role("button", name="Plan a weekend in Lisbon, on foot").click()
    expect(chat.notice).to_contain_text("This chat asks for an access token.")
    expect(chat.page.get_by_text(NOT_ACCEPTED)).to_have_count(0)
    expect(chat.notice.get_by_role("button")).to_have_count(0)
    chat.give(TOKEN)
    chat.wait_for_answer()
    assert chat.authorized_as == [None, f"Bearer {TOKEN}"]


def test_the_token_outlives_a_reload_and_not_the_tab(
    open_page: Callable[..., Page], private_stack: Stack
) -> None:
    page = open_page()
    chat = PrivateChatPage(page, private_stack.url)
    chat.give(TOKEN)
    page.reload()
    expect(chat.prompt).to_be_focused()
    expect(chat.token).to_be_hidden()
    chat.ask("Hello?")
    assert chat.text
    assert page.context.cookies() == []
    assert TOKEN not in page.url
    # The same profile, another tab.
    expect(PrivateChatPage(page.context.new_page(), private_stack.url).token).to_be_visible()


def test_what_cannot_be_a_token_is_not_taken_for_one(private_chat: PrivateChatPage) -> None:
    for impossible in ("", "two words and more", "pässwörter-pässwörter"):
        private_chat.give(impossible)
        expect(private_chat.token).to_be_visible()
        assert private_chat.token.evaluate("input => input.checkValidity()") is False


def test_a_phone_shows_the_form_without_scrolling_sideways(
    open_page: Callable[..., Page], private_stack: Stack
) -> None:
    page = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    chat = PrivateChatPage(page, private_stack.url)
    chat.give("wrong-horse-battery")
    chat.ask("Hello?")
    assert chat.overflow() == 0
    for control in (chat.token, page.get_by_role("button", name="Use token"), chat.prompt, chat.send_button):
        expect(control).to_be_in_viewport(ratio=1)


def test_a_chat_without_a_token_asks_for_none(open_page: Callable[..., Page], stack: Stack) -> None:
    chat = PrivateChatPage(open_page(), stack.url)
    expect(chat.prompt).to_be_focused()
    expect(chat.token).to_be_hidden()


def test_a_chat_made_private_meanwhile_asks_for_its_token_and_goes_on_with_the_same_answer(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    denied = refusing(401, code="access_denied", message="This chat asks for an access token.")
    scripted.answer_with(ending("One", " two", with_object=done("length")), denied, whole(" three"))
    chat = PrivateChatPage(open_page(), scripted.url)
    chat.ask("Count")
    expect(chat.token).to_be_hidden()
    chat.continue_button.click()
    expect(chat.token).to_be_focused()
    chat.give(TOKEN)
    expect(chat.answer.locator("[data-part=text]")).to_have_text("One two three")
    chat.wait_for_end()
    assert scripted.asked[2] == {"messages": [user("Count"), assistant("One two")]}
