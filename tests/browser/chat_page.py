"""What a user does on the chat page, and sees there."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

FIGURES = re.compile(r"first token (\d+\.\d\d) s · (\d+\.\d\d) s in all(?: · ([\d,]+) tokens?)?")


KEPT = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("first-token");
  opening.onerror = reject;
  opening.onsuccess = () => {
    const asked = opening.result.transaction("messages").objectStore("messages").getAll();
    asked.onerror = reject;
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result.sort((one, other) => one.at - other.at)); };
  };
})"""


class ChatPage:
    """The page in a tab of its own; `asked` holds the body of each `POST /chat` it sent."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.asked: list[dict[str, Any]] = []
        page.on(
            "request",
            lambda request: self.asked.append(request.post_data_json) if request.method == "POST" else None,
        )
        page.goto(url)
        self.prompt = page.get_by_label("Message")
        self.send_button = page.get_by_role("button", name="Send")
        self.stop_button = page.get_by_role("button", name="Stop")
        self.retry_button = page.get_by_role("button", name="Retry")
        self.continue_button = page.get_by_role("button", name="Continue")
        self.answers = page.get_by_role("article", name="Answer")
        self.questions = page.get_by_role("article", name="You")

    def send(self, text: str) -> None:
        self.prompt.fill(text)
        self.prompt.press("Enter")

    def ask(self, text: str) -> None:
        """Send, and wait for the end of the answer."""
        self.send(text)
        self.wait_for_end()

    def wait_for_end(self) -> None:
        # Looked at once a frame; an expectation would look ten times a second.
        self.page.locator(".turn:last-child .answer[data-state=ended]").wait_for(timeout=20_000)

    @property
    def answer(self) -> Locator:
        """The last answer, with its notice and its figures."""
        return self.answers.last

    @property
    def text(self) -> str:
        """The text of the last answer as it is shown."""
        return self.answer.locator("[data-part=text]").text_content() or ""

    @property
    def source(self) -> str:
        """The same as it came, to the last space: what the browser keeps."""
        return str(self.kept()[-1]["answer"]["text"])

    def kept(self) -> list[dict[str, Any]]:
        """Every message that this profile keeps, in the order in which they came."""
        messages: list[dict[str, Any]] = self.page.evaluate(KEPT)
        return messages

    @property
    def notice(self) -> Locator:
        return self.answer.locator("[data-part=notice]")

    @property
    def figures(self) -> Locator:
        return self.answer.locator("[data-part=figures]")

    def seconds(self) -> tuple[float, float]:
        """When the first token came, and how long all took, as the page says it."""
        shown = FIGURES.fullmatch(self.figures.inner_text())
        assert shown, self.figures.inner_text()
        return float(shown[1]), float(shown[2])

    def wait_for_text(self, part: str) -> None:
        expect(self.answer.locator("[data-part=text]")).to_contain_text(part)

    def wait_for_characters(self, count: int) -> None:
        text = self.answer.locator("[data-part=text]").element_handle()
        self.page.wait_for_function("([text, count]) => text.textContent.length >= count", arg=[text, count])

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )
