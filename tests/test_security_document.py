"""docs/security.md: each promise names what holds it, and that is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TITLE = "## What is promised, against whom, and what holds it"
DOCUMENT = (ROOT / "docs" / "security.md").read_text()


def promises() -> list[tuple[str, ...]]:
    """The rows of the table: promise, against whom, held by."""
    section = DOCUMENT.partition(TITLE)[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [tuple(cell.strip() for cell in row) for row in rows[2:]]


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def is_there(name: str) -> bool:
    command, _, target = name.partition(" ")
    if command == "make":
        return f"\n{target.partition(' ')[0]}:" in (ROOT / "Makefile").read_text()
    path, _, test = name.partition("::")
    return (ROOT / path).is_file() and test in functions_in(ROOT / path)


def test_there_are_promises() -> None:
    assert len(promises()) >= 15
    assert {len(row) for row in promises()} == {3}


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise[0][:60])
def test_what_holds_a_promise_is_there(promise: tuple[str, str, str]) -> None:
    what, whom, held_by = promise
    names = re.findall("`([^`]+)`", held_by)
    assert what
    assert whom
    assert any("::" in name for name in names)
    assert [name for name in names if not is_there(name)] == []


@pytest.mark.parametrize(
    "name", ["make nothing", "tests/none.py::test_a", "tests/test_security_document.py::test_none"]
)
def test_what_is_not_there_is_missed(name: str) -> None:
    assert not is_there(name)
