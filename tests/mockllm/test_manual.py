"""The manual says what is there, no less and no more."""

import re

import pytest

from mockllm.rules.knob_names import turn_by_name
from mockllm.rules.knobs import KNOBS, Knobs
from mockllm.rules.rule import CONDITIONS
from mockllm.testing.mock import MockLLM
from mockllm.timing.pacing import PROFILES
from tests.mockllm.manual import MANUAL, filled

TEXT = MANUAL.read_text("utf-8")


def rows(heading: str) -> dict[str, str]:
    """The rows of the table under a heading, by their first cell."""
    section = TEXT.split(f"\n{heading}\n")[1].split("\n#")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", section, re.MULTILINE))


def test_its_tables_are_those_of_the_code() -> None:
    assert filled(TEXT) == TEXT, "run: python -m tests.mockllm.manual"


def test_it_names_every_knob() -> None:
    assert list(rows("## Knobs")) == list(KNOBS)


@pytest.mark.parametrize("name", re.findall(r"`(mock-[a-z0-9_:@.*-]+)`", TEXT))
def test_every_model_name_in_it_works(name: str) -> None:
    turn_by_name(Knobs(PROFILES["fast"], seed=0), name)


def test_it_names_every_condition() -> None:
    assert list(rows("### Conditions")) == list(CONDITIONS)


def test_it_names_everything_of_the_fixture() -> None:
    public = {name for name in vars(MockLLM) if not name.startswith("_")} | {"url"}
    assert {re.split(r"[ (]", name)[0].removeprefix("mockllm.") for name in rows("### The fixture")} == public


def test_every_example_is_shown() -> None:
    examples = {path.relative_to(MANUAL.parent) for path in (MANUAL.parent / "examples").rglob("*.*")}
    named = {str(path) for path in examples if path.suffix in {".py", ".mjs", ".sh", ".yaml", ".yml"}}
    assert {name for name in named if f"({name})" not in TEXT} == set()
