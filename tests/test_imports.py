"""Whether imports are found wherever they stand: what the boundaries are held by."""

import pytest

from tests.imports import PEERS, ROOT, files_imported, modules

EVENTS = {"webapp.chat.events"}


@pytest.mark.parametrize(
    ("source", "when_run", "for_types"),
    [
        ("from webapp.chat import events", EVENTS, EVENTS),
        ("from webapp.chat import Delta", {"webapp.chat"}, {"webapp.chat"}),
        ("import webapp.chat.events as e", EVENTS, EVENTS),
        ("try:\n    import webapp.chat.events\nfinally:\n    pass", EVENTS, EVENTS),
        ("class A:\n    def go(self):\n        from webapp.chat.events import Delta", EVENTS, EVENTS),
        ("importlib.import_module('webapp.chat.events')", EVENTS, EVENTS),
        ("value = __import__('webapp.chat.events')", EVENTS, EVENTS),
        ("if TYPE_CHECKING:\n    from webapp.chat import events", set(), EVENTS),
        ("if typing.TYPE_CHECKING:\n    pass\nelse:\n    from webapp.chat import events", EVENTS, EVENTS),
        ("import json", set(), set()),
    ],
)
def test_a_file_is_found_however_it_is_imported(source: str, when_run: set[str], for_types: set[str]) -> None:
    assert files_imported(source, for_types=False) == when_run
    assert files_imported(source) == for_types


def test_only_the_peers_of_the_bench_are_no_part_of_their_package() -> None:
    packages = ("webapp", "mockllm", "loadtests")
    seen = {path for package in packages for _, path in modules(package)}
    there = {path for package in packages for path in (ROOT / package).rglob("*.py")}
    left_out = {path.parent.parent for path in there - seen}
    assert left_out == {PEERS}
