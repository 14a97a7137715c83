"""One conversation in several tabs: none destroys what another has written, asks or names."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import ScriptedServer, held, whole
from tests.browser.test_history import Kept
from tests.waiting import until

pytestmark = pytest.mark.timeout(60, func_only=True)
BACK_LATE = 30_000


def beside(chat: ChatPage) -> ChatPage:
    """The same conversation in another tab."""
    return ChatPage(chat.page.context.new_page(), chat.page.url)


def texts(chat: ChatPage) -> list[str]:
    return [row["answer"]["text"] if "answer" in row else row["text"] for row in chat.kept()]


def test_who_comes_back_does_not_undo_what_another_tab_went_on_with(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    with held("Half of", "") as (half, _):
        scripted.answer_with(half, whole(" the whole."))
        chat.send("About water")
        chat.wait_for_text("Half of")
        until(lambda: texts(chat) == ["About water", "Half of"])
        address = chat.page.url
        chat.page.goto(f"{scripted.url}/race")
        other = ChatPage(chat.page.context.new_page(), address)
        # Five seconds without a sign make a writer one that is gone.
        expect(other.notice).to_be_visible()
        other.page.wait_for_timeout(5_500)
        other.page.reload()
        other.continue_button.click()
        other.wait_for_end()
        assert other.text == "Half of the whole."
        chat.page.go_back()
        expect(chat.answer.locator("[data-part=text]")).to_have_text("Half of the whole.", timeout=BACK_LATE)
        assert texts(chat) == ["About water", "Half of the whole."]


def test_what_goes_on_in_one_tab_is_not_offered_to_go_on_in_another(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    with held("Half of", "") as (half, _), held(" the rest", ".") as (rest, told):
        scripted.answer_with(half, rest)
        chat.send("About water")
        chat.wait_for_text("Half of")
        chat.stop_button.click()
        chat.wait_for_end()
        other = beside(chat)
        expect(other.continue_button).to_be_visible()
        chat.continue_button.click()
        chat.wait_for_text("the rest")
        expect(other.notice).to_contain_text("This answer is being written in another tab.")
        expect(other.continue_button).to_be_hidden()
        told.set()
        expect(other.answer.locator("[data-part=text]")).to_have_text("Half of the rest.")


@pytest.mark.parametrize("is_writing", [False, True], ids=["idle", "writing"])
def test_what_is_deleted_in_one_tab_does_not_come_back_in_pieces_from_another(
    chat: ChatPage, scripted: ScriptedServer, is_writing: bool
) -> None:
    with held("So far", " so good.") as (half, told):
        scripted.answer_with(half, whole("Paid for."))
        chat.send("About water")
        chat.wait_for_text("So far")
        if not is_writing:
            told.set()
            chat.wait_for_end()
        other = Kept(ChatPage(chat.page.context.new_page(), scripted.url))
        other.show()
        other.act("About water", "Delete")
        expect(chat.answers).to_have_count(0)
        told.set()
        listed = Kept(chat)
        listed.show()
        expect(listed.items).to_have_count(0)
        expect(other.items).to_have_count(0)
        assert chat.kept() == []


def test_a_name_given_in_one_tab_stays_when_an_answer_ends_in_another(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    with held("So far", " so good.") as (half, told):
        scripted.answer_with(half)
        chat.send("About water")
        chat.wait_for_text("So far")
        other = Kept(ChatPage(chat.page.context.new_page(), scripted.url))
        other.show()
        other.act("About water", "Rename")
        other.page.keyboard.type("Rivers")
        other.page.keyboard.press("Enter")
        expect(chat.page).to_have_title("Rivers · First Token")
        told.set()
        chat.wait_for_end()
        other.page.reload()
        other.show()
        expect(other.titles).to_have_text(["Rivers"])


def test_a_name_that_is_typed_is_not_taken_away_by_an_answer_that_ends(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    with held("So far", " so good.") as (half, told):
        scripted.answer_with(half)
        listed = Kept(chat)
        listed.show()
        chat.send("About water")
        chat.wait_for_text("So far")
        listed.act("About water", "Rename")
        chat.page.keyboard.type("Riv")
        told.set()
        chat.wait_for_end()
        chat.page.keyboard.type("ers")
        chat.page.keyboard.press("Enter")
        expect(listed.titles).to_have_text(["Rivers"])
        expect(listed.titles).to_be_focused()


def test_what_is_edited_stays_while_another_tab_goes_on(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("One."), whole("Two."))
    chat.ask("About water")
    other = beside(chat)
    other.page.get_by_role("button", name="Edit").click()
    other.page.keyboard.type(", and fish")
    chat.ask("More")
    expect(other.answers).to_have_count(2)
    expect(other.page.locator("[data-part=edit] textarea").first).to_be_focused()
    expect(other.page.locator("[data-part=edit] textarea").first).to_have_value("About water, and fish")
