"""The core of the page in Firefox and WebKit: stream, stop, continue, history, Markdown, race."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from loadtests.stack import Stack
from tests.browser.drivers import DRIVERS, Driver
from tests.browser.scripted_server import Exchange, ScriptedServer, delta, whole
from tests.browser.test_chat_page_in_trouble import START, assistant, user

pytestmark = pytest.mark.timeout(120, func_only=True)

PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module", params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with DRIVERS[request.param]() as running:
        yield running


def wait_for(driver: Driver, expression: str, expected: Any = True) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while (seen := driver.run(expression)) != expected:
        assert time.monotonic() < until, f"{expression}: expected {expected!r}, got {seen!r}"
        time.sleep(0.1)


def load(driver: Driver, url: str) -> None:
    """Open a page, and wait until its script can have run to its end."""
    driver.open(url)
    # By then modules have run, which are deferred scripts.
    wait_for(driver, "document.readyState", "complete")


def text_of(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)})?.textContent ?? null"


def click(driver: Driver, selector: str) -> None:
    driver.run(f"document.querySelector({json.dumps(selector)}).click()")


def send(driver: Driver, text: str) -> None:
    prompt = "document.querySelector('#prompt')"
    driver.run(f"(() => {{ {prompt}.value = {json.dumps(text)}; {prompt}.form.requestSubmit(); }})()")


LAST = ".turn:last-child .answer"
STATE = f"(document.querySelector('{LAST}')?.dataset.state ?? null)"


def test_stream_stop_continue_and_keep(driver: Driver, scripted: ScriptedServer) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send(START, delta("# Title\n\nOne **two**"))
        exchange.wait_until_client_left()

    scripted.answer_with(endless, endless, whole(" three\n\n```js\nlet a = 1;\n```\n"), whole("Good."))
    load(driver, scripted.url)
    send(driver, "Count")
    wait_for(driver, text_of(f"{LAST} [data-part=text] strong"), "two")
    click(driver, "#stop")
    wait_for(driver, STATE, "ended")
    wait_for(driver, text_of(f"{LAST} [data-part=sentence]"), "You stopped this answer.")
    wait_for(driver, "location.hash.length > 1")
    kept = driver.run("location.hash").removeprefix("#")
    click(driver, f"{LAST} [data-part=action]")
    # Left in the middle, as by a reload: the text is kept, and going on is offered.
    wait_for(driver, STATE, "writing")
    load(driver, f"{scripted.url}/race")
    load(driver, f"{scripted.url}/#{kept}")
    wait_for(
        driver,
        text_of(f"{LAST} [data-part=sentence]"),
        "This answer was not complete when the page was left.",
    )
    assert driver.run(text_of(f"{LAST} h1")) == "Title"
    wait_for(driver, text_of(f"{LAST} [data-part=action]"), "Continue")
    click(driver, f"{LAST} [data-part=action]")
    wait_for(driver, f"document.querySelector('{LAST} [data-part=notice]')?.hidden && {STATE}", "ended")
    assert scripted.asked[1]["messages"] == [user("Count"), assistant("# Title\n\nOne **two**")]
    assert len(scripted.asked) == 3
    assert driver.run(text_of(f"{LAST} h1")) == "Title"
    assert "let a = 1;" in driver.run(text_of(f"{LAST} pre"))
    click(driver, "#new-chat")
    send(driver, "Another")
    wait_for(driver, text_of(f"{LAST} [data-part=text] p"), "Good.")
    click(driver, "#list-button")
    wait_for(
        driver, "[...document.querySelectorAll('#list li a')].map((a) => a.textContent)", ["Another", "Count"]
    )
    click(driver, "#list li:last-child a")
    wait_for(driver, text_of(f"{LAST} h1"), "Title")


@pytest.mark.thorough
def test_the_race(driver: Driver, stack: Stack) -> None:
    load(driver, f"{stack.url}/race")
    click(driver, "#send")
    wait_for(driver, "document.querySelector('#streaming .text').textContent.includes('Quantum')")
    assert driver.run(text_of("#blocking .text")) == ""
    wait_for(driver, "document.querySelector('#result').hidden", False)
    cells = driver.run("[...document.querySelectorAll('#result td')].map((cell) => cell.textContent)")
    assert cells[-1] == cells[-4] != "–"
