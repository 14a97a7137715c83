"""What its reader can do with a turn: continue, write anew, edit, leaf, copy, delete; nothing is lost or sent unasked."""

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import KEPT, ChatPage
from tests.browser.scripted_server import Exchange, ScriptedServer, delta, done, held, whole
from tests.browser.test_chat_page_in_trouble import START, assistant, ending, user

pytestmark = pytest.mark.timeout(60, func_only=True)


def act(chat: ChatPage, name: str, place: int = -1) -> None:
    """Press a button of a turn, which a mouse sees when it is there."""
    chat.page.locator(".turn").nth(place).hover()
    chat.page.locator(".turn").nth(place).get_by_role("button", name=name, exact=True).first.click()


def regenerate(chat: ChatPage) -> None:
    act(chat, "Regenerate")
    chat.wait_for_end()


def test_another_answer_stands_beside_the_first(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("One."), whole("Two."), whole("More."))
    chat.ask("Say")
    regenerate(chat)
    assert chat.text == "Two."
    assert scripted.asked == [{"messages": [user("Say")]}] * 2
    leaf = chat.answer.locator("[data-part=reply-leaf]")
    expect(leaf).to_contain_text("2/2")
    leaf.get_by_role("button", name="Earlier version").click()
    assert chat.text == "One."
    chat.ask("More")
    assert scripted.asked[2]["messages"] == [user("Say"), assistant("One."), user("More")]
    chat.page.locator("[data-part=reply-leaf]").first.get_by_role("button", name="Later version").click()
    expect(chat.answers).to_have_count(1)
    assert chat.text == "Two."
    chat.page.locator("[data-part=reply-leaf]").first.get_by_role("button", name="Earlier version").click()
    expect(chat.answers).to_have_count(2)
    assert len(scripted.asked) == 3


def test_an_edited_question_is_a_branch_of_its_own(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("One."), whole("Two."), whole("Better."))
    chat.ask("First")
    chat.ask("Second")
    act(chat, "Edit", 0)
    box = chat.page.get_by_label("Edited question").first
    expect(box).to_be_focused()
    expect(box).to_have_value("First")
    box.press("Escape")
    expect(box).to_be_hidden()
    act(chat, "Edit", 0)
    box.fill("First, better")
    box.press("Control+Enter")
    chat.wait_for_end()
    assert scripted.asked[2]["messages"] == [user("First, better")]
    expect(chat.questions).to_have_count(1)
    chat.page.get_by_role("button", name="Earlier version").click()
    expect(chat.questions).to_have_count(2)
    assert chat.questions.locator("p").all_inner_texts() == ["First", "Second"]


def test_what_is_deleted_comes_back_by_undo(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("One."), whole("Two."), whole("Three."))
    for question in ("a", "b", "c"):
        chat.ask(question)
    act(chat, "Delete", 1)
    expect(chat.questions).to_have_count(1)
    expect(chat.page.locator("#toast")).to_contain_text("2 turns deleted.")
    chat.page.get_by_role("button", name="Undo").click()
    expect(chat.questions).to_have_count(3)
    chat.page.reload()
    expect(chat.questions).to_have_count(3)
    act(chat, "Delete", 1)
    expect(chat.questions).to_have_count(1)
    chat.page.wait_for_function(f"() => ({KEPT})().then((kept) => kept.length === 2)")
    chat.page.reload()
    expect(chat.questions).to_have_count(1)


def test_copy_gives_what_came(chat: ChatPage, scripted: ScriptedServer) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    scripted.answer_with(whole("Some **bold**", " text\n"))
    chat.ask("What?")
    chat.answer.get_by_role("button", name="Copy").last.click()
    expect(chat.page.locator("#toast")).to_contain_text("Copied.")
    assert chat.page.evaluate("navigator.clipboard.readText()") == "Some **bold** text\n"


def test_a_reload_in_the_middle_keeps_the_text_and_offers_to_go_on(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    left = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("One"), delta(" two"))
        exchange.wait_until_client_left()
        left.set()

    scripted.answer_with(answer, whole(" three"))
    chat.send("Count")
    chat.wait_for_text("One two")
    chat.page.reload()
    assert left.wait(10)
    expect(chat.notice).to_contain_text("This answer was not complete when the page was left.")
    assert chat.text == "One two"
    assert len(scripted.asked) == 1
    chat.continue_button.click()
    chat.wait_for_end()
    assert chat.text == "One two three"
    assert scripted.asked[1]["messages"] == [user("Count"), assistant("One two")]
    expect(chat.notice).to_be_hidden()


def test_white_space_alone_poisons_nothing(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("\n\n"), whole("Yes."), whole("Well."))
    chat.ask("Hello?")
    expect(chat.notice).to_contain_text("The model sent an empty answer.")
    chat.retry_button.click()
    chat.wait_for_end()
    assert chat.text == "Yes."
    scripted.answer_with(whole("Good."))
    chat.ask("And now?")
    assert [asked["messages"] for asked in scripted.asked] == [
        [user("Hello?")],
        [user("Hello?")],
        [user("Hello?"), assistant("Yes."), user("And now?")],
    ]


def test_more_turns_than_the_app_takes_go_on_and_it_is_said(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    scripted.settings = {"model": "scripted", "max_messages": 4}
    scripted.answer_with(*[whole(str(number)) for number in range(4)])
    chat = ChatPage(open_page(), scripted.url)
    for number in range(4):
        chat.ask(f"q{number}")
    assert [len(asked["messages"]) for asked in scripted.asked] == [1, 3, 3, 3]
    assert scripted.asked[3]["messages"] == [user("q2"), assistant("2"), user("q3")]
    expect(chat.page.locator("#left-out")).to_contain_text("The first 2 turns are no longer sent along")


def test_turns_that_the_model_had_no_room_for_are_said(chat: ChatPage, scripted: ScriptedServer) -> None:
    def without_the_oldest(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(delta("2"), done(dropped_messages=2))
        exchange.end()

    scripted.answer_with(whole("0"), whole("1"), without_the_oldest, whole("3"))
    note = chat.page.locator("#left-out")
    for number in range(3):
        expect(note).to_be_hidden()
        chat.ask(f"q{number}")
    expect(note).to_contain_text("The first turn was not read for the last answer")
    chat.ask("q3")
    expect(note).to_be_hidden()


def test_thinking_is_shown_folded_with_a_clock_of_its_own(chat: ChatPage, scripted: ScriptedServer) -> None:
    thought, answered = threading.Event(), threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, {"type": "reasoning", "text": "First I <b>count</b>."})
        thought.wait(10)
        exchange.send(delta("Three."), done(tokens=9))
        exchange.end()
        answered.set()

    scripted.answer_with(answer)
    chat.send("How many?")
    block = chat.answer.locator(".thinking")
    expect(block.locator("summary")).to_contain_text("Thinking · ")
    expect(chat.figures).to_contain_text("waiting for the first token")
    expect(block.locator("div")).to_be_hidden()
    block.locator("summary").click()
    expect(block.locator("div")).to_have_text("First I <b>count</b>.")
    thought.set()
    chat.wait_for_end()
    expect(block.locator("summary")).to_contain_text("Thought for")
    assert chat.figures.inner_text().startswith("first thought 0.")
    chat.page.reload()
    expect(block.locator("summary")).to_contain_text("Thought for")


def test_an_exception_in_the_page_ends_the_turn(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(ending("One", with_object=done()), whole("Two."))
    chat.page.evaluate(
        """() => { TextDecoder.prototype.decode = () => { throw new RangeError("a fault"); } }"""
    )
    chat.send("Count")
    expect(chat.notice).to_contain_text("Something went wrong in this page.")
    expect(chat.send_button).to_be_visible()
    expect(chat.stop_button).to_be_hidden()
    assert len(scripted.asked) == 1


def test_what_browsers_lack_is_not_needed(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("One."))
    chat.page.evaluate("delete AbortSignal.any; delete crypto.randomUUID; delete AbortSignal.timeout")
    chat.ask("Count")
    assert chat.text == "One."


def test_the_whole_conversation_is_printed_and_nothing_to_press(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    scripted.answer_with(whole("A line.\n\n" * 200))
    chat.ask("At length")
    chat.page.emulate_media(media="print")
    height, top, bottom = chat.page.evaluate("""() => {
      const { top, bottom } = document.querySelector(".answer").getBoundingClientRect();
      return [document.documentElement.scrollHeight, top + scrollY, bottom + scrollY];
    }""")
    assert bottom - top > 2000
    assert height >= bottom
    expect(chat.send_button).to_be_hidden()
    expect(chat.page.locator(".actions").first).to_be_hidden()
    chat.page.emulate_media(media="screen")


def test_deleting_an_earlier_turn_stops_what_is_being_written(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("So far"))
        exchange.wait_until_client_left()

    scripted.answer_with(whole("One."), endless)
    chat.ask("First")
    chat.send("Second")
    chat.wait_for_text("So far")
    first = chat.page.locator(".turn").first
    first.hover()
    first.get_by_role("button", name="Delete").click()
    expect(chat.answers).to_have_count(0)
    expect(chat.send_button).to_be_visible()
    chat.page.get_by_role("button", name="Undo").click()
    expect(chat.answers).to_have_count(2)
    expect(chat.notice).to_contain_text("You stopped this answer.")


def test_a_second_click_on_send_does_not_stop_the_answer(chat: ChatPage, scripted: ScriptedServer) -> None:
    with held("So far,", " so good.") as (slow, told):
        scripted.answer_with(slow)
        chat.prompt.fill("Hi")
        chat.send_button.dblclick()
        chat.wait_for_text("So far,")
        told.set()
        chat.wait_for_end()
        assert chat.text == "So far, so good."


def test_a_new_chat_has_no_latest_text_to_go_to(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(whole("one line\n\n" * 100))
    chat.ask("Hi")
    # What screen readers alone read makes the page no longer than its window.
    assert chat.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    chat.page.locator("#log").evaluate("log => (log.scrollTop = 0)")
    latest = chat.page.get_by_role("button", name="Latest text")
    expect(latest).to_be_visible()
    chat.page.locator("#new-chat").click()
    expect(latest).to_be_hidden()
    expect(chat.page.locator("#spoken")).to_have_text("")
