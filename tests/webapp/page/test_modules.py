"""What a page preloads is what its script imports, no more and no less."""

from webapp.page.modules import STATIC, modules_of


def test_everything_that_is_imported_is_there_and_named_once() -> None:
    for entry in ("chat.js", "race.js"):
        modules = modules_of(entry)
        assert len(modules) == len(set(modules))
        assert all((STATIC / module).is_file() for module in modules)
        assert entry not in modules
    assert {"stream/sse.js", "markdown/markdown_view.js", "history/store.js"} <= set(modules_of("chat.js"))
    assert "history/store.js" not in modules_of("race.js")


def test_own_code_is_small() -> None:
    own = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]
    assert sum(len(_code(path.read_text(encoding="utf-8"))) for path in own) <= MOST_CHARACTERS


MOST_CHARACTERS = 110_000
"""Of all own scripts of both pages, comments apart."""


def _code(source: str) -> str:
    """A script without its comments and blank lines."""
    lines = source.splitlines()
    return "\n".join(
        line for line in lines if line.strip() and not line.lstrip().startswith(("/*", "*", "//"))
    )
