"""Makes the README's pictures: `make screenshots`. Each is a state of the pages in front of the real app and the mock."""

from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from loadtests.stack import Stack
from tests.browser.chat_page import ChatPage
from tests.programs import HEADLESS_CHROMIUM, find_or_get

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 375, "height": 812}}
QUESTIONS = ("Explain time to first token to a ten-year-old", "Write an 800-word essay on quantum mechanics")


def chat(page: Page, url: str) -> None:
    """A conversation, its list open where there is room."""
    shown = ChatPage(page, url)
    for question in QUESTIONS:
        shown.ask(question)
    if page.viewport_size and page.viewport_size["width"] > 1000:
        page.locator("#list-button").click()


def race(page: Page, url: str) -> None:
    """A race while blocking still waits."""
    page.goto(f"{url}/race")
    page.get_by_role("button", name="Start the race").click()
    page.wait_for_function("() => document.querySelector('#streaming .text').textContent.length > 1500")


STATES = {"chat": chat, "race": race}


def take(browser: Browser, url: str) -> list[Path]:
    """Take every state at every size, in both themes."""
    taken = []
    for state, show in STATES.items():
        for size, viewport in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=1)  # type: ignore[arg-type]  # Playwright's own words
                page = context.new_page()
                show(page, url)
                path = PICTURES / f"{state}-{size}-{scheme}.png"
                page.screenshot(path=path)
                taken.append(path)
                context.close()
    return taken


def main() -> None:
    """Take them all."""
    PICTURES.mkdir(exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_or_get(HEADLESS_CHROMIUM), args=["--no-sandbox"]
        )
        for path in take(browser, stack.url):
            print(path.relative_to(Path.cwd()))
        browser.close()


if __name__ == "__main__":
    main()
