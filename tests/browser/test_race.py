"""The race in front of the real app and the real mock: both clocks run, one shows text first, the table says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from loadtests.stack import Stack
from tests.browser.scripted_server import Exchange, ScriptedServer, delta, whole
from tests.browser.test_chat_page import ask_of
from tests.browser.test_chat_page_in_trouble import refusing

pytestmark = pytest.mark.timeout(60, func_only=True)


def seconds(shown: str) -> float:
    return float(shown.removesuffix(" s"))


@pytest.mark.parametrize(
    ("model", "first", "whole"),
    [
        ("mock-ttft300-itl10-tokens150", 0.3, 1.7),
        pytest.param("mock-founding", 1.03, 7.3, marks=pytest.mark.thorough),
    ],
    ids=["short", "as founded"],
)
def test_streaming_shows_text_while_blocking_waits(
    open_page: Callable[..., Page], stack: Stack, tmp_path: Path, model: str, first: float, whole: float
) -> None:
    page = open_page()
    page.route("**/chat", lambda route: ask_of(route, model))
    asked: list[dict[str, object]] = []
    page.on(
        "request",
        lambda request: asked.append(request.post_data_json) if request.method == "POST" else None,
    )
    page.goto(f"{stack.url}/race")
    assert asked == []
    page.get_by_role("button", name="Start the race").click()
    expect(page.locator("#streaming [data-part=text]")).not_to_be_empty()
    expect(page.locator("#blocking [data-part=text]")).to_be_empty()
    expect(page.locator("#blocking")).to_have_attribute("data-state", "waiting")
    expect(page.locator("#result")).to_be_visible(timeout=20_000)
    blocking, streaming = [
        row.locator("td").all_inner_texts() for row in page.locator("[data-part=rows] tr").all()
    ]
    assert seconds(streaming[0]) < seconds(blocking[0])
    assert seconds(streaming[0]) >= first
    assert seconds(blocking[0]) >= whole
    assert blocking[2] == streaming[2] != "–"
    texts = [page.locator(f"#{lane} [data-part=text]").inner_text() for lane in ("blocking", "streaming")]
    assert texts[0] == texts[1]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a picture").click()
    download.value.save_as(tmp_path / "race.png")
    assert (tmp_path / "race.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(str(each.get("stream")) for each in asked) == ["False", "None"]


def test_a_lane_that_is_refused_says_so(open_page: Callable[..., Page], scripted: ScriptedServer) -> None:
    refused = refusing(429, "5", code="rate_limited", message="At most 1 message a minute.")
    scripted.answer_with(refused, refused)
    page = open_page()
    page.goto(f"{scripted.url}/race")
    page.get_by_label("Prompt").fill("Hi")
    page.get_by_label("Prompt").press("Enter")
    expect(page.get_by_text("At most 1 message a minute.")).to_have_count(2)
    expect(page.locator("#status")).to_have_text("")
    expect(page.locator("#result")).to_be_hidden()
    expect(page.get_by_role("button", name="Start the race")).to_be_visible()


def test_a_lane_that_is_cut_is_no_result(open_page: Callable[..., Page], scripted: ScriptedServer) -> None:
    def either(exchange: Exchange) -> None:
        if exchange.talk.body.get("stream") is False:
            exchange.respond(200, "application/json", b'{"text": "Whole.", "finish_reason": "stop"}')
        else:
            exchange.begin()
            exchange.send({"type": "start", "id": "c", "model": "m"}, delta("Half"))

    scripted.answer_with(either, either)
    page = open_page()
    page.goto(f"{scripted.url}/race")
    page.get_by_role("button", name="Start the race").click()
    expect(page.locator("#streaming .problem")).to_contain_text("The connection was lost")
    expect(page.get_by_role("button", name="Start the race")).to_be_visible()
    expect(page.locator("#result")).to_be_hidden()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"text": 5', "The server sent something that this page does not understand."),
        (b'{"text": null, "finish_reason": "stop"}', "The model sent an empty answer."),
    ],
)
def test_a_whole_answer_that_is_none_is_named(
    open_page: Callable[..., Page], scripted: ScriptedServer, body: bytes, said: str
) -> None:
    def either(exchange: Exchange) -> None:
        if exchange.talk.body.get("stream") is False:
            exchange.respond(200, "application/json", body)
        else:
            whole("Good.")(exchange)

    scripted.answer_with(either, either)
    page = open_page()
    page.goto(f"{scripted.url}/race")
    page.get_by_role("button", name="Start the race").click()
    expect(page.locator("#blocking .text")).to_have_text(said)
    expect(page.locator("#streaming .text")).to_have_text("Good.")
    expect(page.locator("#result")).to_be_hidden()


def test_the_page_is_german_where_the_browser_is(
    open_page: Callable[..., Page], scripted: ScriptedServer
) -> None:
    scripted.answer_with(whole("Ja."))
    page = open_page(locale="de-AT")
    page.goto(scripted.url)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_label("Nachricht").fill("Da?")
    page.get_by_role("button", name="Senden").click()
    expect(page.locator("[data-part=figures]")).to_contain_text("insgesamt")
    page.goto(f"{scripted.url}/race")
    expect(page.get_by_role("heading", name="Das Rennen")).to_be_visible()
    expect(page.locator("#blocking .clock")).to_have_text("0,00")
