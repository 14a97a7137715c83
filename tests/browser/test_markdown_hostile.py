"""What answers may hold to take the page over: nothing of it runs, nothing is fetched, no node stands there that we did not mean."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.markdown_page import MarkdownPage
from tests.browser.scripted_server import ScriptedServer

pytestmark = pytest.mark.timeout(120, func_only=True)

LEAST_CASES = 100
WATCHED = """
    const { HOSTILE } = await import("/tests/js/markdown/hostile_texts.mjs");
    window.pwned = 0;
    window.pwn = () => window.pwned++;
    const TAGS = new Set(("a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong " +
      "table tbody td th thead tr ul").split(" "));
    const ATTRIBUTES = new Set("class dir href rel role scope start tabindex target title type".split(" "));
    const MATH = new Set(("math maction menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts " +
      "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover").split(" "));
    const foreign = (element) => {
      const names = element.getAttributeNames();
      if (element.namespaceURI === "http://www.w3.org/1998/Math/MathML") {
        return !MATH.has(element.localName) || names.some((name) => /^on|href|src|id$/i.test(name));
      }
      if (element.localName === "a" && !/^(https?|mailto):/.test(element.getAttribute("href"))) return true;
      if (element.localName === "a" && !element.rel.includes("noopener")) return true;
      // Temml puts its own boxes around formulas.
      if (element.closest("math")) return !["span", "div", "mark"].includes(element.localName);
      return !TAGS.has(element.localName) || names.some((name) => !ATTRIBUTES.has(name));
    };
    const strangers = (root) => [...root.querySelectorAll("*")].filter(foreign).map((element) => element.outerHTML.slice(0, 200));
"""


@pytest.fixture
def markdown(open_page: Callable[..., Page], scripted: ScriptedServer) -> MarkdownPage:
    return MarkdownPage(open_page(), scripted.url)


def check(markdown: MarkdownPage, result: Any) -> None:
    assert result["count"] >= LEAST_CASES
    assert result["found"] == []
    assert markdown.page.evaluate("window.pwned") == 0
    assert all(url.startswith(("/static/", "/tests/js/")) or url == "/" for url in markdown.asked), (
        markdown.asked
    )


def test_shown_whole(markdown: MarkdownPage) -> None:
    result = markdown.run(
        WATCHED
        + """
        const found = [];
        for (const text of HOSTILE) {
          const element = place();
          renderWhole(element, text);
          found.push(...strangers(element));
        }
        // All at once, so that what one opens another may close; and long enough for what is drawn to be there.
        const element = place();
        renderWhole(element, HOSTILE.join("\\n\\n"));
        for (const text of HOSTILE) {
          const each = document.createElement("div");
          element.after(each);
          renderWhole(each, text);
        }
        await settle();
        await settle();
        found.push(...strangers(document.querySelector("#turns")));
        return { found, count: HOSTILE.length };
        """
    )
    check(markdown, result)


def test_byte_by_byte(markdown: MarkdownPage) -> None:
    result = markdown.run(
        WATCHED
        + """
        const found = [];
        for (const text of HOSTILE) {
          const element = place();
          const view = markdownView(element, say);
          const decoder = new TextDecoder();
          const bytes = new TextEncoder().encode(text);
          const isShort = bytes.length < 300;
          for (const byte of bytes) {
            view.append(decoder.decode(Uint8Array.of(byte), { stream: true }));
            // Ended at each byte, as a stream that breaks off there ends.
            if (isShort) view.finish();
            if (isShort) found.push(...strangers(element));
          }
          view.finish();
          found.push(...strangers(element));
        }
        await settle();
        found.push(...strangers(document.querySelector("#turns")));
        return { found, count: HOSTILE.length };
        """
    )
    check(markdown, result)


def test_the_check_sees_what_it_looks_for(markdown: MarkdownPage) -> None:
    seen = markdown.run(
        WATCHED
        + """
        const element = place();
        for (const [tag, name, value] of [["img", "alt", "x"], ["a", "href", "javascript:pwn()"], ["p", "id", "x"], ["b"]]) {
          const each = document.createElement(tag);
          if (name) each.setAttribute(name, value);
          element.append(each);
        }
        return strangers(element).length;
        """
    )
    assert seen == 4
