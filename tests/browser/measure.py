"""What the page costs its browser: `python -m tests.browser.measure [--one-block | --giants | --history | --whole]`.

A long answer: script time is the view's own, summed by each thousand tokens; frames are those of the page while it grows.
One block: the same, where the answer is a single list, table or listing, of which nothing is settled before its end.
Whole: the memory of the page's process, empty, with the chat page, with a long answer in it; the first paint while no script comes.
Giants: texts that no browser lays out at once, and what typing costs beside them. History: 200 conversations of 50 turns.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import QUIET
from tests.browser.markdown_page import MarkdownPage
from tests.browser.scripted_server import scripted_server, whole
from tests.programs import CHROMIUM, find_or_get

TOKENS = 20_000
ANSWER = """
    // Four characters a token, in the shapes that answers have.
    const part = (n) => `## Part ${n}\\n\\nAn essay goes on with **bold** and *soft* words, \\`code\\`, [links](https://x.example/${n}) and ` +
      "sentences that say little at some length. ".repeat(6) + "\\n\\n- one item\\n- another item\\n  - and one below\\n\\n" +
      "| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n```js\\nconst x = 1;\\nfunction f() { return x; }\\n```\\n\\n> a quotation\\n\\n";
    let text = "";
    for (let n = 0; text.length < 80_000; n++) text += part(n);
    const tokens = text.match(/[^]{1,4}/g).slice(0, 20_000);
"""
BLOCKS = {
    "list": "- an item of one list, with **bold** words\\n",
    "table": "| a cell | another | 3 |\\n",
    "code": "    const x = f(1, 2); // a line of a listing\\n",
}
"""What an answer of one block repeats."""
BLOCK_HEADS = {"list": "", "table": "| a | b | c |\\n|---|---|---|\\n", "code": "```js\\n"}
GROWTH = """
    const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
    const view = markdownView(place(), say);
    const begun = performance.now();
    view.append(tokens[0]);
    await nextFrame();
    await new Promise((done) => setTimeout(done));
    window.shownAfter = performance.now() - begun;
    const frames = (window.frames_ = []);
    window.finish = () => view.finish();
    window.grow = async (from, to) => {
      let last = performance.now();
      for (let at = Math.max(1, from); at < to; at += TOKENS_A_FRAME) {
        for (const token of tokens.slice(at, at + TOKENS_A_FRAME)) view.append(token);
        await nextFrame();
        const now = performance.now();
        frames.push(now - last);
        last = now;
      }
    };
""".replace("TOKENS_A_FRAME", "8")
FRAMES = """() => {
    const sorted = window.frames_.sort((a, b) => a - b);
    return [sorted[Math.floor(sorted.length * 0.99)], sorted.at(-1), performance.memory.usedJSHeapSize / 1e6, window.shownAfter];
}"""
TEXTS = """
    const row = (cell) => "|" + ` ${cell} |`.repeat(300) + "\\n";
    const words = ["مرحبا", "hello", "بالعالم", "world", "שלום"];
    const texts = {
      "1 MB of Arabic and Latin in one paragraph": Array.from({ length: 180_000 }, (_, at) => words[at % 5]).join(" "),
      "100 KB of combining marks": "e" + "\\u0301\\u0316".repeat(50_000),
      "1 MB without a space": "x".repeat(1_000_000),
      "1 MB of code in one line": "```\\n" + "x ".repeat(500_000),
      "100 KB of one list": "- an item of a list\\n".repeat(5_000),
      "a table of 300 columns and rows": row("a") + row("-") + row("cell").repeat(300),
      "5,000 links in one paragraph": Array.from({ length: 5_000 }, (_, at) => `[link ${at}](https://x.example/${at})`).join(" "),
      "500 lists in each other": Array.from({ length: 500 }, (_, at) => " ".repeat(2 * at) + "- item").join("\\n"),
    };
"""
BESIDE = TEXTS + "renderWhole(place(), texts[argument]); await settle();"
GIANTS = (
    TEXTS
    + """
    const results = {};
    for (const [name, text] of Object.entries(texts)) {
      const view = markdownView(place(), say);
      const begun = performance.now();
      let longest = 0;
      let last = begun;
      const look = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      };
      view.append(text);
      view.finish();
      const isDone = () => !document.querySelector(".caret");
      do {
        await frame();
        look();
      } while (!isDone() && last - begun < 60_000);
      await frame();
      look();
      results[name] = [longest, last - begun];
    }
    return results;
"""
)


FILL = """async () => {
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open("first-token");
      opening.onsuccess = () => resolve(opening.result);
    });
    const writing = database.transaction(["conversations", "messages"], "readwrite");
    const [conversations, messages] = ["conversations", "messages"].map((name) => writing.objectStore(name));
    const text = "Some **bold** text with a [link](https://example.org) and `code`.\\n\\n- one\\n- two\\n\\n".repeat(8);
    const ending = { type: "done", finish_reason: "stop" };
    const answer = { text, reasoning: "", model: "m", ending, firstTextSeconds: 1, completionTokens: 100, seconds: 3 };
    for (let at = 0; at < 200; at++) {
      const conversation = `c${at}`;
      conversations.put({ id: conversation, title: `Conversation ${at}`, created: at, updated: at, chosen: {} });
      let parent = "";
      for (let turn = 0; turn < 50; turn++) {
        const [question, reply] = [`${conversation}q${turn}`, `${conversation}a${turn}`];
        const asked = `Question ${turn} of ${at}`;
        messages.put({ id: question, conversation, parent, role: "user", at: 2 * turn, text: asked });
        messages.put({ id: reply, conversation, parent: question, role: "assistant", at: 2 * turn + 1, answer });
        parent = reply;
      }
    }
    await new Promise((resolve) => (writing.oncomplete = resolve));
}"""
TIMED = """
    const timed = async (act, isDone) => {
      const begun = performance.now();
      act();
      while (!isDone()) await new Promise((resolve) => setTimeout(resolve));
      document.body.offsetHeight;
      return performance.now() - begun;
    };
    const items = () => document.querySelectorAll("#list li");
    const search = document.querySelector("#search");
    const find = (words, count) =>
      timed(() => ((search.value = words), search.dispatchEvent(new Event("input"))), () => items().length === count);
"""
LIST = f"""async () => {{ {TIMED} return timed(() => document.querySelector("#list-button").click(), () => items().length === 200); }}"""
OPEN = f"""async (id) => {{ {TIMED}
    const isShown = () => location.hash === `#${{id}}` && document.querySelectorAll(".turn:last-child .markdown li").length > 0;
    return timed(() => document.querySelector(`#list a[href="#${{id}}"]`).click(), isShown);
}}"""
SEARCH = f"""async () => {{ {TIMED}
    return [await find("question 49 of 107", 1), await find("", 200), await find("question 48 of 193", 1)];
}}"""
BESIDE_A_GIANT = "typed beside a giant"
TYPED = """() => {
    window.typed = [];
    document.addEventListener("keydown", ({ timeStamp }) =>
      requestAnimationFrame(() => setTimeout(() => window.typed.push(performance.now() - timeStamp))));
}"""


@contextmanager
def markdown_page() -> Iterator[MarkdownPage]:
    """A page in a browser of its own."""
    with scripted_server() as server, sync_playwright() as playwright:
        arguments = [*QUIET, "--no-sandbox", "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(executable_path=find_or_get(CHROMIUM), args=arguments)
        yield MarkdownPage(browser.new_page(), server.url)
        browser.close()


def measure_giants(page: MarkdownPage) -> None:
    for name, (longest, shown_after) in page.run(GIANTS).items():
        print(f"{name}: longest frame {longest:.0f} ms, shown after {shown_after / 1000:.1f} s")
    page.page.evaluate(TYPED)
    for name in ("1 MB of Arabic and Latin in one paragraph", "100 KB of combining marks"):
        page.run(BESIDE, name)
        page.page.evaluate("() => { window.typed = []; }")
        page.page.get_by_label("Message").press_sequentially(BESIDE_A_GIANT, delay=30)
        page.page.wait_for_function("count => window.typed.length >= count", arg=len(BESIDE_A_GIANT))
        print(
            f"typing beside {name}: slowest key to the frame after it {max(page.page.evaluate('typed')):.0f} ms"
        )


def measure_history(page: Page) -> None:
    page.evaluate(FILL)
    page.reload()
    page.wait_for_function("() => document.querySelector('#prompt') !== null")
    print(f"list of 200 conversations: {page.evaluate(LIST):.0f} ms")
    opened = [page.evaluate(OPEN, f"c{at}") for at in (10, 60, 120)]
    print("opening one of 50 turns:", *(f"{each:.0f}" for each in opened), "ms")
    first, back, again = page.evaluate(SEARCH)
    print(
        f"search: {first:.0f} ms the first time, {again:.0f} ms from then on; the whole list again {back:.0f} ms"
    )


def one_block(kind: str) -> str:
    """The script of an answer of that many tokens in one block."""
    return f"""
        const text = "{BLOCK_HEADS[kind]}" + "{BLOCKS[kind]}".repeat(4_000);
        const tokens = text.match(/[^]{{1,4}}/g).slice(0, {TOKENS});
    """


def measure_growth(page: MarkdownPage, answer: str = ANSWER) -> None:
    session = page.page.context.new_cdp_session(page.page)
    # The processor time of the page's thread: what else runs on the machine does not count.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def script_seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == "ScriptDuration")

    page.run(answer + GROWTH)
    spent = [script_seconds()]
    for begin in range(0, TOKENS, 1000):
        page.page.evaluate("([from, to]) => grow(from, to)", [begin, begin + 1000])
        spent.append(script_seconds())
    page.page.evaluate("new Promise((done) => setTimeout(() => done(finish())))")
    finish = script_seconds() - spent[-1]
    each = [(after - before) * 1e6 / 1000 for before, after in pairwise(spent)]
    quarter = len(each) // 4
    first, last = (sum(part) / quarter for part in (each[:quarter], each[-quarter:]))
    p99, longest, heap, shown_after = page.page.evaluate(FRAMES)
    print("script, µs of processor time a token, by each thousand:", *(f"{one:.0f}" for one in each))
    print(
        f"last quarter to first: {last / first:.2f}; the whole once more at the end: {finish * 1000:.1f} ms of processor time"
    )
    print(
        f"first text in a frame after {shown_after:.1f} ms; frames: p99 {p99:.1f}, longest {longest:.1f} ms"
    )
    print(f"JavaScript's heap: {heap:.0f} MB")


PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def memory_of_pages(browser: Browser) -> str:
    """The megabytes of the processes that show pages, by how what they share with others is counted."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    total: Counter[str] = Counter()
    for pid in [each["id"] for each in processes if each["type"] == "renderer"]:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            total[line.split(":")[0]] += int(line.split()[1])
    private = total["Private_Clean"] + total["Private_Dirty"]
    amounts = {"resident": total["Rss"], "proportional": total["Pss"], "its own": private}
    return ", ".join(f"{name} {kilobytes / 1024:.0f} MB" for name, kilobytes in amounts.items())


def measure_whole() -> None:
    """The memory of the whole process, in a browser that shows one page and holds none in reserve; and the first paint."""
    alone = [
        "--disable-features=SpareRendererForSitePerProcess",
        "--renderer-process-limit=1",
        "--no-sandbox",
    ]
    with scripted_server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_get(CHROMIUM), args=[*QUIET, *alone])
        page = browser.new_page()
        print(f"memory of an empty page's process: {memory_of_pages(browser)}")
        page.goto(server.url)
        print(f"with the chat page: {memory_of_pages(browser)}")
        tokens: list[str] = page.evaluate(f"() => {{ {ANSWER} return tokens; }}")
        server.answer_with(whole(*tokens))
        page.set_default_timeout(120_000)
        page.get_by_label("Message").fill("Go on")
        page.get_by_label("Message").press("Enter")
        page.locator(".answer[data-state=ended]").wait_for()
        page.wait_for_function("() => !document.querySelector('.caret')")
        print(f"with an answer of {len(tokens):,} tokens: {memory_of_pages(browser)}")
        page.close()
        page = browser.new_page()
        page.route("**/*.js", lambda _route: None)
        page.goto(server.url, wait_until="commit")
        page.wait_for_function(f"() => {PAINTED}")
        print(
            f"first paint while no script comes: {page.evaluate(PAINTED):.0f} ms after the navigation began"
        )
        browser.close()


def main() -> None:
    """Print the figures."""
    if "--whole" in sys.argv[1:]:
        measure_whole()
        return
    with markdown_page() as page:
        if "--giants" in sys.argv[1:]:
            measure_giants(page)
        elif "--history" in sys.argv[1:]:
            measure_history(page.page)
        elif "--one-block" in sys.argv[1:]:
            for kind in BLOCKS:
                print(f"one {kind}:")
                measure_growth(page, one_block(kind))
        else:
            measure_growth(page)


if __name__ == "__main__":
    main()
