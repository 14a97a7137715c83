"""The README's pictures are there, and the states in them can still be reached, shown as they are in the pictures."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from loadtests.stack import Stack
from tests.browser.screenshots import PICTURES, SIZES, STATES

pytestmark = pytest.mark.timeout(90, func_only=True)

README = Path(__file__).resolve().parents[2] / "README.md"
SHOWN = {
    "chat": [
        "#list li a",
        ".turn .question p",
        ".turn .markdown h1, .turn .markdown p",
        ".share",
        "#composer #send",
    ],
    "race": [
        "#blocking .clock",
        "#streaming .clock",
        "#streaming .text p, #streaming .text h1",
        "#start #stop",
    ],
}
"""What must be seen in each state."""
EMPTY = {"race": ["#blocking .text > *"]}


@pytest.mark.thorough
@pytest.mark.parametrize("state", STATES)
def test_a_state_is_what_its_picture_shows(open_page: Callable[..., Page], stack: Stack, state: str) -> None:
    page = open_page(viewport=SIZES["desktop"])
    STATES[state](page, stack.url)
    for selector in SHOWN[state]:
        expect(page.locator(selector).first).to_be_visible()
    for selector in EMPTY.get(state, []):
        expect(page.locator(selector)).to_have_count(0)


def test_every_state_has_its_pictures_and_the_readme_shows_none_that_is_not_there() -> None:
    wanted = {
        f"{state}-{size}-{theme}.png" for state in STATES for size in SIZES for theme in ("light", "dark")
    }
    assert {path.name for path in PICTURES.iterdir()} == wanted
    named = set(re.findall(r"docs/pictures/([\w-]+\.png)", README.read_text()))
    assert named <= wanted
    assert named
