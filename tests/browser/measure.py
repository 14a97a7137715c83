"""What a long answer costs the browser that shows it: `python -m tests.browser.measure [--giants]`.

Script time is the view's own, summed by each thousand tokens; frames are those of the page while it grows.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tests.browser.conftest import QUIET
from tests.browser.markdown_page import MarkdownPage
from tests.browser.scripted_server import scripted_server
from tests.programs import CHROMIUM, find_or_get

ANSWER = """
    // Four characters a token, in the shapes that answers have.
    const part = (n) => `## Part ${n}\\n\\nAn essay goes on with **bold** and *soft* words, \\`code\\`, [links](https://x.example/${n}) and ` +
      "sentences that say little at some length. ".repeat(6) + "\\n\\n- one item\\n- another item\\n  - and one below\\n\\n" +
      "| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n```js\\nconst x = 1;\\nfunction f() { return x; }\\n```\\n\\n> a quotation\\n\\n";
    let text = "";
    for (let n = 0; text.length < 80_000; n++) text += part(n);
    const tokens = text.match(/[^]{1,4}/g).slice(0, 20_000);
"""
GROWTH = (
    ANSWER
    + """
    const view = new MarkdownView(place(), options);
    const scripts = [];
    const frames = [];
    let spent = 0;
    let last = performance.now();
    let shownAfter = 0;
    const request = window.requestAnimationFrame;
    window.requestAnimationFrame = (work) => request((now) => {
      const begun = performance.now();
      work(now);
      spent += performance.now() - begun;
    });
    const nextFrame = () => new Promise((done) => request(done));
    for (let at = 0; at < tokens.length; at += 8) {
      const begun = performance.now();
      for (const token of tokens.slice(at, at + 8)) view.append(token);
      spent += performance.now() - begun;
      await nextFrame();
      const now = performance.now();
      if (at === 0) shownAfter = now - begun;
      frames.push(now - last);
      last = now;
      if ((at + 8) % 1000 === 0) {
        scripts.push((spent * 1000) / 1000);
        spent = 0;
      }
    }
    const begun = performance.now();
    view.finish();
    const finish = performance.now() - begun;
    frames.sort((a, b) => a - b);
    return {
      scripts, finish, shownAfter,
      longest: frames.at(-1), p99: frames[Math.floor(frames.length * 0.99)], memory: performance.memory.usedJSHeapSize / 1e6,
    };
"""
)
GIANTS = """
    const words = ["مرحبا", "hello", "بالعالم", "world", "שלום"];
    const texts = {
      "1 MB of Arabic and Latin in one paragraph": Array.from({ length: 180_000 }, (_, at) => words[at % 5]).join(" "),
      "100 KB of combining marks": "e" + "\\u0301\\u0316".repeat(50_000),
      "1 MB without a space": "x".repeat(1_000_000),
      "1 MB of code in one line": "```\\n" + "x ".repeat(500_000),
      "100 KB of one list": "- an item of a list\\n".repeat(5_000),
    };
    const results = {};
    for (const [name, text] of Object.entries(texts)) {
      const view = new MarkdownView(place(), options);
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


@contextmanager
def markdown_page() -> Iterator[MarkdownPage]:
    """A page in a browser of its own."""
    with scripted_server() as server, sync_playwright() as playwright:
        arguments = [*QUIET, "--no-sandbox", "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(executable_path=find_or_get(CHROMIUM), args=arguments)
        yield MarkdownPage(browser.new_page(), server.url)
        browser.close()


def main() -> None:
    """Print the figures."""
    with markdown_page() as page:
        if "--giants" in sys.argv[1:]:
            for name, (longest, whole) in page.run(GIANTS).items():
                print(f"{name}: longest frame {longest:.0f} ms, shown after {whole / 1000:.1f} s")
            return
        found = page.run(GROWTH)
    scripts = found["scripts"]
    print("script, µs a token, by each thousand:", *(f"{each:.1f}" for each in scripts))
    print(
        f"last thousand to second: {scripts[-1] / scripts[1]:.2f}; the whole once more at the end: {found['finish']:.1f} ms"
    )
    print(
        f"first text in a frame after {found['shownAfter']:.1f} ms; frames: p99 {found['p99']:.1f}, longest {found['longest']:.1f} ms"
    )
    print(f"JavaScript's heap: {found['memory']:.0f} MB")


if __name__ == "__main__":
    main()
