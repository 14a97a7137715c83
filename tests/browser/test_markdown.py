"""Markdown on the page, in a real browser: whole and while it grows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.markdown_page import MarkdownPage
from tests.browser.scripted_server import ScriptedServer

pytestmark = pytest.mark.timeout(120, func_only=True)

FENCE = "```"
WIDE = "x" * 400
PHONE = {"width": 375, "height": 700}


@pytest.fixture
def markdown(open_page: Callable[..., Page], scripted: ScriptedServer) -> MarkdownPage:
    return MarkdownPage(open_page(), scripted.url)


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.thorough)])
def test_any_split_of_any_text_ends_as_the_whole_does(markdown: MarkdownPage, every: int) -> None:
    differing = markdown.run(
        """
        const { HARD } = await import("/tests/js/markdown/hard_texts.mjs");
        const { HOSTILE } = await import("/tests/js/markdown/hostile_texts.mjs");
        const { commonmark } = await import("/tests/js/commonmark/commonmark.js");
        const texts = [...Object.values(HARD), ...HOSTILE, ...commonmark.map((example) => example.markdown)]
          .filter((_, at) => at % argument === 0);
        const differing = [];
        let seed = 7;
        const piece = () => 1 + ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16) % 40;
        for (const text of texts) {
          const element = place();
          const view = markdownView(element, say);
          for (let at = 0; at < text.length; ) {
            view.append(text.slice(at, (at += piece())));
            // Each piece is shown, as it is where one comes a frame.
            view.finish();
            view.append("");
          }
          view.finish();
          const grown = looks(element);
          renderWhole(place(), text);
          const isSame = looks(document.querySelector(".markdown")).isEqualNode(grown);
          if (!isSame || view.source() !== text) differing.push(text);
        }
        return { differing, count: texts.length };
        """,
        every,
    )
    assert differing["differing"] == []
    assert differing["count"] > 900 // every


def test_frame_by_frame_ends_as_the_whole_does(markdown: MarkdownPage) -> None:
    is_same, formulas, colored = markdown.run(
        """
        const { HARD } = await import("/tests/js/markdown/hard_texts.mjs");
        const closed = Object.entries(HARD).filter(([name]) => !name.includes("open"));
        const text = closed.map(([, each]) => each).join("\\n\\n");
        const element = place();
        const view = markdownView(element, say);
        for (let at = 0; at < text.length; at += 60) {
          view.append(text.slice(at, at + 60));
          await frame();
        }
        view.finish();
        await settle();
        renderWhole(place(), text);
        await settle();
        const whole = document.querySelector(".markdown");
        return [element.isEqualNode(whole), whole.querySelectorAll("math").length, whole.querySelectorAll("[class^=token]").length];
        """
    )
    assert is_same
    assert formulas > 5
    assert colored > 5


def test_settled_blocks_stay_the_same_nodes_and_selected_text_stays_selected(markdown: MarkdownPage) -> None:
    result = markdown.run(
        """
        const element = place();
        const view = markdownView(element, say);
        view.append("# Title\\n\\nFirst **bold** paragraph\\n\\n- item\\n\\nGrowing para");
        const nodes = [...element.childNodes];
        getSelection().setBaseAndExtent(nodes[1].firstChild, 0, nodes[3].firstChild, 7);
        const selected = getSelection().toString();
        for (const text of ["graph with *em", "phasis*", " and more\\n\\n", "- a\\n", "- b\\n\\n", "end [x]", "\\n\\n[x]: https://x.example"]) {
          view.append(text);
          await frame();
          await frame();
        }
        view.finish();
        return {
          same: nodes.map((node, at) => node === element.childNodes[at]),
          kept: getSelection().toString() === selected && selected.startsWith("First"),
          link: element.querySelector("a").href,
        };
        """
    )
    assert result == {"same": [True] * 4, "kept": True, "link": "https://x.example/"}


def test_the_first_text_shows_at_once_and_more_may_follow_the_end(markdown: MarkdownPage) -> None:
    shown = markdown.run(
        """
        const element = place();
        const view = markdownView(element, say);
        view.append("");
        view.append("Fir");
        const shown = [element.textContent];
        view.append("st");
        view.finish();
        shown.push(element.textContent, element.querySelectorAll(".caret").length);
        view.append(" and **more");
        await settle();
        shown.push(element.textContent, element.querySelectorAll(".caret").length);
        view.append("**");
        view.finish();
        return [...shown, element.innerHTML, view.source()];
        """
    )
    whole = '<p dir="auto">First and <strong>more</strong></p>'
    assert shown == ["Fir", "First", 0, "First and **more", 1, whole, "First and **more**"]


def test_libraries_come_when_they_are_needed_and_from_here(markdown: MarkdownPage) -> None:
    def libraries() -> set[str]:
        return {url.split("/vendor/")[1].split("/")[0] for url in markdown.asked if "/vendor/" in url}

    markdown.show("# Plain\n\n" + FENCE + "\nno language\n" + FENCE + "\n\n$5 and $6")
    assert libraries() == {"marked", "character-entities-html4"}
    markdown.show(f"{FENCE}python\nx = 1\n{FENCE}")
    assert "speed-highlight" in libraries()
    assert "temml" not in libraries()
    expect(markdown.page.locator(".token-num")).to_have_text("1")
    markdown.show("$E = mc^2$ and $\\frac{broken$")
    expect(markdown.page.locator("math")).to_have_count(1)
    expect(markdown.page.locator(".math").last).to_have_text("$\\frac{broken$")
    assert all(url.startswith("/") for url in markdown.asked), markdown.asked


def test_an_open_block_of_code_is_highlighted_when_it_is_closed(markdown: MarkdownPage) -> None:
    counts = markdown.run(
        """
        const element = place();
        const view = markdownView(element, say);
        view.append("```js\\nlet a = 1;\\n");
        await settle();
        const counts = [element.querySelectorAll("code span").length];
        view.append("```\\n");
        await settle();
        counts.push(element.querySelectorAll("code span").length > 0, element.querySelector("code").textContent);
        return counts;
        """
    )
    assert counts == [0, True, "let a = 1;"]


def test_code_is_copied(open_page: Callable[..., Page], scripted: ScriptedServer) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    markdown = MarkdownPage(page, scripted.url)
    markdown.show(f"{FENCE}py\ndef f():\n    return 1\n{FENCE}")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "def f():\n    return 1"
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()


def test_wide_code_tables_and_formulas_scroll_by_themselves(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    markdown = MarkdownPage(open_page(viewport=PHONE), scripted.url)
    row = "|" + "wideword|" * 30
    markdown.show(f"{FENCE}\n{WIDE}\n{FENCE}\n\n{row}\n{'|-' * 30}|\n{row}\n\n{WIDE}\n\n$$\n{'+x' * 150}\n$$")
    overflow = "element => element.scrollWidth - element.clientWidth"
    for each in markdown.page.locator(".scrolling, .math.display").all():
        assert each.evaluate(overflow) > 0
    assert markdown.page.locator(".scrolling").count() == 2
    assert markdown.page.locator("#log").evaluate(overflow) == 0
    assert markdown.page.locator("html").evaluate(overflow) == 0


def test_each_paragraph_goes_its_own_way(markdown: MarkdownPage) -> None:
    markdown.show("hello\n\nשלום עולם\n\n- مرحبا\n\n| سلام |\n|-|\n| a |")
    directions = "elements => elements.map(element => getComputedStyle(element).direction)"
    found = markdown.page.locator(".markdown :is(p, li, th, td)").evaluate_all(directions)
    assert found == ["ltr", "rtl", "rtl", "rtl", "ltr"]


def test_no_script_of_the_page_can_turn_text_into_markup(browser: Browser, scripted: ScriptedServer) -> None:
    with browser.new_page() as page:
        page.goto(scripted.url)
        with pytest.raises(Error, match="TrustedHTML"):
            page.evaluate("document.body.innerHTML = '<b>x</b>'")


def test_the_room_works_below_any_prefix(markdown: MarkdownPage) -> None:
    shown = markdown.run(
        """
        const { markdownView: elsewhere } = await import("/tests/js/static/markdown/markdown_view.js");
        elsewhere(place(), say).show("```js\\n1\\n```\\n\\n$x^2$");
        await settle();
        return document.querySelectorAll("math, .token-num").length;
        """
    )
    assert shown == 2
    assert any(url.startswith("/tests/js/static/vendor/temml/") for url in markdown.asked)


GIANTS = {
    "Arabic and Latin in one paragraph": "مرحبا hello بالعالم world " * 4_000,
    "combining marks": "e" + "\u0301\u0316" * 50_000,
    "one word": "x" * 100_000,
    "one line of code": "```\n" + "x " * 50_000,
}


@pytest.mark.parametrize("text", GIANTS.values(), ids=GIANTS)
def test_giant_paragraphs_are_laid_out_in_pieces_and_frame_by_frame(
    markdown: MarkdownPage, text: str
) -> None:
    result = markdown.run(
        """
        const element = place();
        renderWhole(element, argument);
        const first = element.textContent.length;
        let last = performance.now();
        let longest = 0;
        do {
          await frame();
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
        } while (element.querySelector(".caret"));
        await frame();
        const pieces = [...element.querySelectorAll(".piece")];
        return {
          first, longest, length: pieces.map((piece) => piece.textContent).join("").length,
          piece: Math.max(...pieces.map((piece) => piece.textContent.length)),
        };
        """,
        text,
    )
    assert result["first"] < 20_000
    assert result["piece"] <= 4_000
    assert result["length"] == len(text.removeprefix("```\n"))
    # A machine with all its cores busy; one that waits for the whole took 19 s.
    assert result["longest"] < 3_000
