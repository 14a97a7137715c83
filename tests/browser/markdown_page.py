"""A Markdown view on the real page, and the test texts beside it."""

from typing import Any

from playwright.sync_api import Page

SETUP = """
    const { markdownView } = await import("/static/markdown/markdown_view.js");
    const say = (word) => ({ copy: "Copy", copied: "Copied" })[word];
    const renderWhole = (element, text) => {
      const view = markdownView(element, say);
      view.show(text);
      return view;
    };
    const place = () => {
      const element = document.createElement("div");
      document.querySelector("#turns").replaceChildren(element);
      return element;
    };
    const frame = () => new Promise(requestAnimationFrame);
    // What is drawn over a text comes in its own time; a copy without it compares.
    const looks = (element) => {
      const copy = element.cloneNode(true);
      for (const drawn of copy.querySelectorAll(".math, code")) drawn.replaceChildren();
      return copy;
    };
    const settle = () => new Promise((done) => setTimeout(done, 300));
"""


class MarkdownPage:
    """Scripts run in the page find `markdownView`, `renderWhole`, `say`, `place()`, `frame()` and `settle()`."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url.removeprefix(url)))
        page.goto(url)

    def run(self, script: str, argument: object = None) -> Any:
        """Run the body of an async function that may use `argument`; return what it returns."""
        return self.page.evaluate(f"async (argument) => {{ {SETUP} {script} }}", argument)

    def show(self, markdown: str) -> None:
        """Show a text as a whole, and wait for what is drawn over it."""
        self.run("renderWhole(place(), argument); await settle();", markdown)
