"""The page against a server that does what no honest one would: nothing is lost, and its user is told what happened."""

import re
import threading
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect

from loadtests.rig.scripted import event
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import Exchange, Script, ScriptedServer, delta, done, whole

pytestmark = pytest.mark.timeout(60, func_only=True)

START = {"type": "start", "id": "chat_1", "model": "scripted"}
LOST = "The connection was lost before the answer was complete."


def user(content: str) -> dict[str, str]:
    return {"role": "user", "content": content}


def assistant(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


def ending(*texts: str, with_object: dict[str, object] | None) -> Script:
    """A script that sends these texts and then this terminal object, or is cut."""

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, *map(delta, texts))
        if with_object:
            exchange.send(with_object)
            exchange.end()

    return answer


def refusing(status: int, retry_after: str | None = None, **error: object) -> Script:
    return lambda exchange: exchange.refuse(status, retry_after, **error)


def test_a_refusal_that_may_pass_is_retried_by_a_click(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(
        refusing(503, code="over_capacity", message="All streams are taken.", request_id="r1"), whole("Here.")
    )
    chat.ask("Anybody there?")
    expect(chat.notice).to_contain_text("All streams are taken. over_capacity · r1")
    assert chat.figures.inner_text().startswith("no text · 0.")
    chat.retry_button.click()
    chat.wait_for_end()
    assert chat.text == "Here."
    expect(chat.notice).to_be_hidden()
    expect(chat.answers).to_have_count(1)
    assert scripted.asked == [{"messages": [user("Anybody there?")]}] * 2


@pytest.mark.parametrize(("status", "code"), [(429, "rate_limited"), (503, "over_capacity")])
def test_a_retry_is_offered_when_it_makes_sense_and_never_made_unasked(
    chat: ChatPage, scripted: ScriptedServer, status: int, code: str
) -> None:
    scripted.answer_with(refusing(status, "2", code=code, message="Not now."), whole("Here."))
    chat.ask("Anybody there?")
    expect(chat.retry_button).to_have_text("Retry in 2 s")
    expect(chat.retry_button).to_be_disabled()
    chat.retry_button.click(force=True)
    expect(chat.retry_button).to_have_text("Retry in 1 s")
    expect(chat.retry_button).to_have_text("Retry")
    expect(chat.retry_button).to_be_enabled()
    assert len(scripted.asked) == 1
    chat.retry_button.click()
    chat.wait_for_end()
    assert chat.text == "Here."
    expect(chat.notice).to_be_hidden()


def test_a_wait_of_hours_is_said_in_hours_and_ends_with_the_next_question(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    scripted.answer_with(
        refusing(429, "18700", code="token_budget_exhausted", message="Used up."), whole("Here.")
    )
    chat.ask("Anybody there?")
    expect(chat.retry_button).to_have_text("Retry in 5 h 12 min")
    chat.ask("And now?")
    assert chat.text == "Here."
    expect(chat.retry_button).to_have_count(0)


def test_what_is_refused_for_what_it_is_goes_back_into_the_prompt(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    refusal = "messages[0].content: at most 9 characters, got 11"
    scripted.answer_with(refusing(400, code="message_too_long", message=refusal), whole("Short indeed."))
    chat.ask("Much longer")
    expect(chat.notice).to_contain_text(refusal)
    expect(chat.retry_button).to_be_hidden()
    expect(chat.prompt).to_have_value("Much longer")
    chat.ask("Short")
    assert chat.text == "Short indeed."
    assert scripted.asked[1] == {"messages": [user("Short")]}


def test_a_draft_typed_meanwhile_is_not_overwritten_by_a_refusal(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    typed = threading.Event()

    def refuse_late(exchange: Exchange) -> None:
        typed.wait(10)
        exchange.refuse(400, code="bad", message="No.")

    scripted.answer_with(refuse_late)
    chat.send("First")
    chat.prompt.fill("Second")
    chat.prompt.press("Enter")
    typed.set()
    chat.wait_for_end()
    expect(chat.prompt).to_have_value("Second")
    expect(chat.questions).to_have_count(1)


def test_a_router_that_refuses_in_html(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(lambda exchange: exchange.respond(502, "text/html", b"<h1>Application error</h1>"))
    chat.ask("Hello?")
    expect(chat.notice).to_contain_text("The server answered 502 Bad Gateway. http_502")
    expect(chat.retry_button).to_be_visible()


def test_a_server_that_cannot_be_reached(chat: ChatPage, scripted: ScriptedServer) -> None:
    scripted.answer_with(lambda exchange: None, whole("Back again."))
    chat.ask("Hello?")
    expect(chat.notice).to_contain_text("The server cannot be reached.")
    chat.retry_button.click()
    chat.wait_for_end()
    assert chat.text == "Back again."


def test_an_error_keeps_what_came_and_is_continued_by_a_click(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    error = {
        "type": "error",
        "code": "upstream_timeout",
        "message": "The model sent nothing for 60 seconds.",
        "retryable": True,
        "request_id": "r2",
    }
    scripted.answer_with(ending("One", " two", with_object=error), whole(" three", " four"))
    chat.ask("Count")
    assert chat.text == "One two"
    expect(chat.notice).to_contain_text("The model sent nothing for 60 seconds. upstream_timeout · r2")
    chat.continue_button.click()
    chat.wait_for_end()
    assert chat.text == "One two three four"
    assert scripted.asked[1] == {"messages": [user("Count"), assistant("One two")]}


def test_an_error_that_stays_offers_no_retry(chat: ChatPage, scripted: ScriptedServer) -> None:
    error = {
        "type": "error",
        "code": "content_filter",
        "message": "The model will not say.",
        "retryable": False,
    }
    scripted.answer_with(ending("One", with_object=error), whole("Better."))
    chat.ask("Say it")
    expect(chat.notice).to_contain_text("The model will not say.")
    expect(chat.notice.get_by_role("button")).to_have_count(0)
    chat.ask("Something else")
    assert chat.text == "Better."
    assert scripted.asked[1] == {"messages": [user("Say it"), assistant("One"), user("Something else")]}


@pytest.mark.parametrize("reason", ["deadline", "shutdown"])
def test_an_interrupted_answer_is_continued_by_itself(
    chat: ChatPage, scripted: ScriptedServer, reason: str
) -> None:
    scripted.answer_with(
        ending("One", " two ", with_object=done("interrupted", 2, reason=reason)),
        ending(" three", with_object=done("interrupted", 1, reason=reason)),
        whole("\nfour"),
    )
    chat.ask("Count")
    assert chat.source == "One two  three\nfour"
    expect(chat.answers).to_have_count(1)
    expect(chat.notice).to_be_hidden()
    assert chat.figures.inner_text().endswith("· 4 tokens")
    assert [asked["messages"] for asked in scripted.asked] == [
        [user("Count")],
        [user("Count"), assistant("One two ")],
        [user("Count"), assistant("One two  three")],
    ]


def test_an_end_that_is_none_is_said_in_words(chat: ChatPage, scripted: ScriptedServer) -> None:
    for finish_reason, words, buttons in (
        ("length", "The answer reached its length limit.", ["Continue"]),
        ("content_filter", "The model's content filter ended this answer.", []),
        ("tool_calls", "The model asked for a tool, and this page has none.", []),
    ):
        scripted.answer_with(ending("Half", with_object=done(finish_reason)))
        chat.ask("Tell me")
        expect(chat.notice).to_contain_text(words)
        assert chat.notice.get_by_role("button").all_inner_texts() == buttons
        chat.page.get_by_role("button", name="New chat").click()


def test_a_cut_keeps_what_was_shown_and_is_continued_by_a_click(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    shown = threading.Event()

    def cut_when_shown(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("One"), delta(" two"))
        shown.wait(10)

    scripted.answer_with(cut_when_shown, whole(" three"))
    chat.send("Count")
    chat.wait_for_text("One two")
    shown.set()
    chat.wait_for_end()
    expect(chat.notice).to_contain_text(LOST)
    assert chat.text == "One two"
    chat.continue_button.click()
    chat.wait_for_end()
    assert chat.text == "One two three"
    assert scripted.asked[1] == {"messages": [user("Count"), assistant("One two")]}


CUT = b"".join(map(event, ({"type": "start"}, delta("<b>"), delta(" 👩‍🚀\n"), done())))
ENDS = [found.end() for found in re.finditer(rb"\n\n", CUT)]
PLACES = [1, ENDS[0] - 1, ENDS[0], ENDS[1] - 1, ENDS[1], CUT.index("👩".encode()) + 2, ENDS[2], len(CUT) - 1]
"""Before, at and in the ends of events, and within a character."""


@pytest.mark.parametrize(
    "places", [PLACES, pytest.param(range(1, len(CUT)), marks=pytest.mark.thorough)], ids=["some", "every"]
)
def test_a_stream_cut_at_any_byte(chat: ChatPage, scripted: ScriptedServer, places: Iterable[int]) -> None:

    def cut_after(length: int) -> Script:
        def answer(exchange: Exchange) -> None:
            exchange.begin()
            exchange.send_bytes(CUT[:length])

        return answer

    new_chat, suggestion = chat.page.locator("#new-chat"), chat.page.locator("#suggestions button").first
    for length in places:
        scripted.answer_with(cut_after(length))
        # Events instead of a mouse: that one is moved, and waits for frames, a hundred times over.
        new_chat.dispatch_event("click")
        suggestion.dispatch_event("click")
        chat.wait_for_end()
        assert chat.notice.inner_text().startswith(LOST)
        # A browser may discard what it had received and not handed over when a connection breaks: less, never more.
        came = CUT[:length].count(b"\n\n")
        assert chat.text in ("", "", "<b>", "<b> 👩‍🚀")[: came + 1], f"cut after byte {length}"


def test_a_stream_in_single_bytes(chat: ChatPage, scripted: ScriptedServer) -> None:
    sent = b": hb\n" + b"".join(map(event, (START, delta(" 👩‍🚀"), delta("\u2028\n x"), done(tokens=2))))

    def drip(exchange: Exchange) -> None:
        exchange.begin()
        for index in range(len(sent)):
            exchange.send_bytes(sent[index : index + 1])
        exchange.end()

    scripted.answer_with(drip)
    chat.ask("Well?")
    assert chat.source == " 👩‍🚀\u2028\n x"
    expect(chat.notice).to_be_hidden()


def test_garbage_in_a_stream(chat: ChatPage, scripted: ScriptedServer) -> None:
    def sent(garbage: bytes) -> Script:
        def answer(exchange: Exchange) -> None:
            exchange.begin()
            exchange.send(START, delta("So far"))
            exchange.send_bytes(garbage)
            exchange.end()

        return answer

    for garbage in (b"data: {\n\n", b"data: []\n\n", b'data: {"type": "delta"}\n\n', b"data: \xff\xfe\n\n"):
        scripted.answer_with(sent(garbage))
        chat.ask("Well?")
        expect(chat.notice).to_contain_text("The server sent something that this page does not understand.")
        assert chat.text == "So far"
        expect(chat.continue_button).to_be_visible()
        chat.page.get_by_role("button", name="New chat").click()


def test_the_wait_for_the_first_token_is_shown(chat: ChatPage, scripted: ScriptedServer) -> None:
    seen = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START)
        seen.wait(10)
        exchange.send(delta("At last."), done(tokens=2))
        exchange.end()

    scripted.answer_with(answer)
    chat.send("Think hard")
    expect(chat.figures).to_have_text("waiting for the first token · 0 s")
    expect(chat.figures).to_have_text("waiting for the first token · 1 s")
    seen.set()
    chat.wait_for_end()
    first, total = chat.seconds()
    assert 1.0 <= first <= total


def test_stopping_before_the_first_token_hangs_up(chat: ChatPage, scripted: ScriptedServer) -> None:
    left = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START)
        exchange.wait_until_client_left()
        left.set()

    scripted.answer_with(answer, whole("Yes."))
    chat.send("Well?")
    expect(chat.figures).to_contain_text("waiting")
    chat.stop_button.click()
    expect(chat.notice).to_contain_text("You stopped this answer.")
    assert left.wait(10)
    chat.ask("I mean: are you there?")
    assert scripted.asked[1] == {"messages": [user("Well?\n\nI mean: are you there?")]}


def test_a_new_chat_hangs_up_and_starts_from_nothing(chat: ChatPage, scripted: ScriptedServer) -> None:
    left = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("Once upon a time"))
        exchange.wait_until_client_left()
        left.set()

    scripted.answer_with(answer, whole("Yes."))
    chat.send("Tell me a story")
    chat.wait_for_text("Once upon")
    chat.page.get_by_role("button", name="New chat").click()
    assert left.wait(10)
    expect(chat.answers).to_have_count(0)
    expect(chat.page.get_by_role("heading", name="Ask something")).to_be_visible()
    chat.ask("Are you there?")
    assert chat.text == "Yes."
    assert scripted.asked[1] == {"messages": [user("Are you there?")]}


def test_the_text_is_followed_only_while_its_reader_is_at_its_end(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    scrolled = threading.Event()
    followed = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("line\n\n" * 100 + "middle\n"))
        scrolled.wait(10)
        exchange.send(delta("line\n\n" * 100 + "late\n"))
        followed.wait(10)
        exchange.send(delta("line\n\n" * 100 + "end"), done())
        exchange.end()

    def to_end() -> float:
        return float(log.evaluate("log => log.scrollHeight - log.clientHeight - log.scrollTop"))

    log = chat.page.get_by_role("log")
    latest = chat.page.get_by_role("button", name="Latest text")
    scripted.answer_with(answer)
    chat.send("Write a lot")
    chat.wait_for_text("middle")
    chat.page.wait_for_function(
        "log => log.scrollHeight - log.clientHeight - log.scrollTop < 2", arg=log.element_handle()
    )
    log.hover()
    chat.page.mouse.wheel(0, -40)
    expect(latest).to_be_visible()
    before = log.evaluate("log => log.scrollTop")
    scrolled.set()
    chat.wait_for_text("late")
    assert log.evaluate("log => log.scrollTop") == before
    assert to_end() > 1000
    latest.click()
    expect(latest).to_be_hidden()
    followed.set()
    chat.wait_for_end()
    chat.page.wait_for_function(
        "log => log.scrollHeight - log.clientHeight - log.scrollTop < 2", arg=log.element_handle()
    )


def test_an_enter_that_chooses_a_word_does_not_send(chat: ChatPage, scripted: ScriptedServer) -> None:
    chat.prompt.fill("に")
    for init in ({"isComposing": True}, {"keyCode": 229}):
        chat.prompt.dispatch_event("keydown", {"key": "Enter", **init})
    expect(chat.answers).to_have_count(0)
    assert scripted.asked == []


def test_the_chosen_model_is_asked(open_page: Callable[..., Page], scripted: ScriptedServer) -> None:
    scripted.settings = {"model": "large", "models": "small,large"}
    scripted.answer_with(whole("Large."), whole("Small."))
    chat = ChatPage(open_page(), scripted.url)
    chat.ask("Who are you?")
    chat.page.get_by_label("Model").select_option("small")
    chat.ask("And you?")
    assert [asked["model"] for asked in scripted.asked] == ["large", "small"]


def test_what_is_missing_is_said_before_anything_is_asked(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    scripted.problem = "OPENAI_API_KEY is not set: set it to <your key>."
    chat = ChatPage(open_page(), scripted.url)
    expect(chat.page.get_by_role("alert")).to_have_text("OPENAI_API_KEY is not set: set it to <your key>.")


def test_a_screen_reader_is_told_how_it_ended_and_not_every_token(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    scripted.answer_with(whole("Yes", "."))
    expect(chat.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    chat.ask("Well?")
    expect(chat.page.locator("#status")).to_have_text("The answer is complete.")
    expect(chat.page.locator("#spoken p")).to_have_text(["Yes."])
