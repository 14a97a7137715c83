"""Conversations that the browser keeps: found, named, deleted, taken out and in again, in several tabs, or nowhere."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_server import Exchange, ScriptedServer, delta, done, whole
from tests.browser.test_chat_page_in_trouble import assistant, user

pytestmark = pytest.mark.timeout(60, func_only=True)


class Kept:
    """The list of conversations of a page."""

    def __init__(self, chat: ChatPage) -> None:
        self.page = chat.page
        self.items = chat.page.locator("#list li")
        self.titles = chat.page.locator("#list li a")
        self.search = chat.page.get_by_label("Search conversations")

    def show(self) -> None:
        self.page.locator("#list-button").click()

    def item(self, title: str) -> Locator:
        return self.items.filter(has_text=title)

    def act(self, title: str, action: str) -> None:
        self.item(title).hover()
        self.page.get_by_role("button", name=f"{action}: {title}").click()


@pytest.fixture
def kept(chat: ChatPage, scripted: ScriptedServer) -> Kept:
    """A chat with two conversations, the list open."""
    scripted.answer_with(whole("The sea is blue."), whole("The sky is high."))
    chat.ask("About water")
    chat.page.locator("#new-chat").click()
    chat.ask("About air")
    listed = Kept(chat)
    listed.show()
    expect(listed.titles).to_have_text(["About air", "About water"])
    return listed


def test_a_conversation_is_opened_again_and_goes_on(
    kept: Kept, chat: ChatPage, scripted: ScriptedServer
) -> None:
    kept.titles.last.click()
    expect(chat.answer.locator("[data-part=text]")).to_have_text("The sea is blue.")
    scripted.answer_with(whole("Salty."))
    chat.ask("And how does it taste?")
    assert scripted.asked[2]["messages"] == [
        user("About water"),
        assistant("The sea is blue."),
        user("And how does it taste?"),
    ]
    expect(kept.titles).to_have_text(["About water", "About air"])
    shown = chat.answer.locator("[data-part=text]")
    chat.page.go_back()
    expect(shown).to_have_text("The sky is high.")
    chat.page.reload()
    expect(shown).to_have_text("The sky is high.")


def test_words_are_found_in_names_and_in_what_was_written(kept: Kept) -> None:
    for words, found in {
        "water": ["About water"],
        "HIGH sky": ["About air"],
        "about": ["About air", "About water"],
    }.items():
        kept.search.fill(words)
        expect(kept.titles).to_have_text(found)
    kept.search.fill("nowhere to be found")
    expect(kept.page.get_by_text("Nothing holds these words.")).to_be_visible()


def test_a_conversation_is_named_anew(kept: Kept) -> None:
    kept.act("About air", "Rename")
    name = kept.page.get_by_label("Name of the conversation").first
    expect(name).to_be_focused()
    name.fill("Winds")
    name.press("Enter")
    expect(kept.titles).to_have_text(["Winds", "About water"])
    kept.act("Winds", "Rename")
    kept.page.keyboard.type("Never mind")
    kept.page.keyboard.press("Escape")
    kept.page.reload()
    kept.show()
    expect(kept.titles).to_have_text(["Winds", "About water"])


def test_what_is_deleted_comes_back_by_undo(kept: Kept, chat: ChatPage) -> None:
    kept.act("About air", "Delete")
    expect(kept.titles).to_have_text(["About water"])
    expect(chat.answers).to_have_count(0)
    chat.page.get_by_role("button", name="Undo").click()
    expect(kept.titles).to_have_text(["About air", "About water"])
    kept.titles.first.click()
    expect(chat.answers).to_have_count(1)
    assert chat.text == "The sky is high."


def test_json_and_markdown_take_everything_out_and_in_again(
    kept: Kept, chat: ChatPage, open_page: Callable[..., Page], scripted: ScriptedServer, tmp_path: Path
) -> None:
    with chat.page.expect_download() as download:
        chat.page.get_by_role("button", name="Export all").click()
    everything = tmp_path / "all.json"
    download.value.save_as(everything)
    assert {each["head"]["title"] for each in json.loads(everything.read_text())["conversations"]} == {
        "About air",
        "About water",
    }
    with chat.page.expect_download(lambda download: download.suggested_filename.endswith(".md")) as download:
        kept.act("About water", "Export")
    markdown = tmp_path / download.value.suggested_filename
    download.value.save_as(markdown)
    assert "**You**\n\nAbout water\n" in markdown.read_text()

    other = ChatPage(open_page(), scripted.url)
    listed = Kept(other)
    listed.show()
    other.page.locator("[data-part=file]").set_input_files([everything, everything])
    expect(listed.titles).to_have_text(["About air", "About water"])
    listed.titles.last.click()
    expect(other.answer.locator("[data-part=text]")).to_have_text("The sea is blue.")
    other.page.locator("[data-part=file]").set_input_files(markdown)
    expect(listed.titles).to_have_text(["About water", "About air", "About water"])
    listed.titles.first.click()
    expect(other.answers).to_have_count(1)
    assert other.text == "The sea is blue."


def test_an_edited_copy_takes_no_message_away_from_what_it_is_a_copy_of(
    kept: Kept, chat: ChatPage, tmp_path: Path
) -> None:
    with chat.page.expect_download(
        lambda download: download.suggested_filename.endswith(".json")
    ) as download:
        kept.act("About water", "Export")
    file = json.loads(Path(download.value.path()).read_text())
    [copy] = file["conversations"]
    copy["head"].update(id="copy", title="A copy")
    # A choice that leads back to where it came from.
    copy["head"]["chosen"][copy["messages"][-1]["id"]] = copy["messages"][0]["id"]
    path = tmp_path / "copy.json"
    path.write_text(json.dumps(file))
    chat.page.locator("[data-part=file]").set_input_files([path, path])
    expect(kept.items).to_have_count(3)
    for title in ("A copy", "About water"):
        kept.item(title).locator("a").click()
        expect(chat.answers).to_have_count(1)
        expect(chat.answer.locator("[data-part=text]")).to_have_text("The sea is blue.")


FOREIGN = {
    "text.json": ("hello", "is neither a conversation"),
    "cut.json": ("{", "is neither a conversation"),
    "number.json": (
        '{"format": "first-token", "conversations": 1}',
        "conversations: expected array, got number",
    ),
    "title.json": (
        '{"format": "first-token", "conversations": [{"head": {"id": "a", "title": 5}}]}',
        "conversations[0].head.title: expected string, got number",
    ),
    "twice.json": (
        json.dumps(
            {
                "format": "first-token",
                "conversations": [
                    {
                        "head": {"id": "a", "title": "", "created": 0, "updated": 0, "chosen": {}},
                        "messages": 2 * [{"id": "q", "parent": "", "at": 0, "role": "user", "text": "Hi"}],
                    }
                ],
            }
        ),
        "conversations[0].messages[1].id: expected unique, got string",
    ),
}
"""Files that are none of ours, by name: what is in them, and what is said of it."""


def test_a_file_that_is_none_of_ours_is_named(kept: Kept, chat: ChatPage, tmp_path: Path) -> None:
    for name, (content, complaint) in FOREIGN.items():
        path = tmp_path / name
        path.write_text(content)
        chat.page.locator("[data-part=file]").set_input_files(path)
        expect(chat.page.get_by_role("alert").filter(has_text=name)).to_contain_text(complaint)
        expect(kept.items).to_have_count(2)


MARKDOWN = (
    "# Rivers\n\n<!-- user -->\n**You**\n\nAbout water\n\n<!-- assistant m -->\n**Answer**\n\nIt is wet.\n"
)


@pytest.mark.parametrize(
    "written",
    [
        b"\xef\xbb\xbf" + MARKDOWN.replace("\n", "\r\n").encode(),
        MARKDOWN.replace("-->\n", "-->\n\n").encode(),
    ],
    ids=["Windows", "a formatter"],
)
def test_markdown_is_read_as_other_programs_write_it(chat: ChatPage, tmp_path: Path, written: bytes) -> None:
    (tmp_path / "rivers.md").write_bytes(written)
    listed = Kept(chat)
    listed.show()
    chat.page.locator("[data-part=file]").set_input_files(tmp_path / "rivers.md")
    listed.titles.first.click()
    expect(chat.page.locator("[data-part=question]")).to_have_text(["About water"])
    expect(chat.answer.locator("[data-part=text]")).to_have_text("It is wet.")


def test_on_a_phone_what_is_deleted_comes_back_by_undo_too(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    chat = ChatPage(open_page(viewport={"width": 375, "height": 667}), scripted.url)
    scripted.answer_with(whole("The sea is blue."))
    chat.ask("About water")
    listed = Kept(chat)
    listed.show()
    chat.page.get_by_role("button", name="Delete: About water").click()
    chat.page.get_by_role("button", name="Undo").click()
    listed.show()
    expect(listed.titles).to_have_text(["About water"])


def test_drafts_survive_a_reload_each_in_its_conversation(kept: Kept, chat: ChatPage) -> None:
    chat.prompt.fill("about clouds?")
    kept.titles.last.click()
    expect(chat.prompt).to_have_value("")
    chat.prompt.fill("about fish?")
    chat.page.locator("#new-chat").click()
    chat.prompt.fill("something new")
    chat.page.reload()
    expect(chat.prompt).to_have_value("something new")
    kept.show()
    kept.titles.first.click()
    expect(chat.prompt).to_have_value("about clouds?")
    kept.titles.last.click()
    expect(chat.prompt).to_have_value("about fish?")


def test_two_tabs_add_to_one_conversation_and_destroy_nothing(
    kept: Kept, chat: ChatPage, scripted: ScriptedServer
) -> None:
    other = ChatPage(chat.page.context.new_page(), chat.page.url)
    expect(other.answers).to_have_count(1)
    scripted.answer_with(whole("In the first tab."), whole("In the second tab."))
    chat.ask("One more")
    expect(other.answers).to_have_count(2)
    expect(other.answer.locator("[data-part=text]")).to_have_text("In the first tab.")
    other.ask("And another")
    expect(chat.answers).to_have_count(3)
    expect(chat.answer.locator("[data-part=text]")).to_have_text("In the second tab.")
    assert len(chat.kept()) == 8


def test_what_another_tab_is_writing_is_not_offered_to_go_on(
    chat: ChatPage, scripted: ScriptedServer
) -> None:
    opened = threading.Event()

    def slow(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send({"type": "start", "id": "c", "model": "m"}, delta("So far"))
        opened.wait(20)
        exchange.send(delta(", so good."), done())
        exchange.end()

    scripted.answer_with(slow)
    chat.send("Go on")
    chat.wait_for_text("So far")
    other = ChatPage(chat.page.context.new_page(), chat.page.url)
    expect(other.notice).to_contain_text("This answer is being written in another tab.")
    expect(other.notice.get_by_role("button")).to_have_count(0)
    opened.set()
    chat.wait_for_end()
    expect(other.answer.locator("[data-part=text]")).to_have_text("So far, so good.")
    expect(other.notice).to_be_hidden()


def test_a_browser_that_keeps_nothing_says_so_and_goes_on(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    page = open_page()
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') };"
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } });"
    )
    scripted.answer_with(whole("Yes."), whole("Still."))
    chat = ChatPage(page, scripted.url)
    line = chat.page.locator("#line")
    expect(line).to_contain_text("This browser keeps nothing for this page")
    for is_offline, said in ((True, "offline"), (False, "online again")):
        chat.page.context.set_offline(is_offline)
        expect(line).to_contain_text(f"You are {said}.")
    expect(line).to_contain_text("This browser keeps nothing for this page")
    chat.ask("There?")
    chat.page.locator("#new-chat").click()
    chat.ask("And now?")
    assert chat.text == "Still."
    listed = Kept(chat)
    listed.show()
    expect(listed.titles).to_have_text(["And now?", "There?"])


def test_a_full_disk_is_said_and_the_chat_goes_on(chat: ChatPage, scripted: ScriptedServer) -> None:
    chat.page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }"
    )
    scripted.answer_with(whole("Yes."), whole("Still."))
    chat.ask("There?")
    expect(chat.page.locator("#line")).to_contain_text("The disk is full")
    chat.ask("And now?")
    assert chat.text == "Still."
    assert len(scripted.asked[1]["messages"]) == 3


HANG = """() => new Promise((begun) => {
  const opening = indexedDB.open("first-token");
  opening.onsuccess = () => {
    const messages = opening.result.transaction(["conversations", "messages"], "readwrite").objectStore("messages");
    // All that comes later waits for this, which never ends.
    const hold = () => { messages.get("").onsuccess = hold; };
    hold();
    begun();
  };
})"""


def test_a_database_that_hangs_holds_nothing_back_and_a_reload_loses_nothing(
    kept: Kept, chat: ChatPage, scripted: ScriptedServer
) -> None:
    chat.page.evaluate(HANG)
    scripted.answer_with(whole("Still here."))
    chat.page.locator("#new-chat").click()
    chat.ask("In spite of it")
    expect(kept.titles).to_have_text(["In spite of it", "About air", "About water"])
    chat.page.reload()
    expect(chat.answer.locator("[data-part=text]")).to_have_text("Still here.")
    kept.show()
    expect(kept.titles).to_have_text(["In spite of it", "About air", "About water"])
    assert len(chat.kept()) == 6


def test_a_database_whose_connection_is_lost_is_opened_again(
    kept: Kept, chat: ChatPage, scripted: ScriptedServer
) -> None:
    everything = {"origin": "*", "storageTypes": "indexeddb"}
    chat.page.context.new_cdp_session(chat.page).send("Storage.clearDataForOrigin", everything)
    scripted.answer_with(whole("After all."))
    chat.page.locator("#new-chat").click()
    chat.ask("Once more")
    expect(chat.page.locator("#line")).to_be_hidden()
    chat.page.reload()
    expect(chat.answer.locator("[data-part=text]")).to_have_text("After all.")
