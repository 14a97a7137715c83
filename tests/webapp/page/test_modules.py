"""What a page preloads is what its script imports, no more and no less."""

import re

from webapp.page.modules import STATIC, modules_of


def test_everything_that_is_imported_is_there_and_named_once() -> None:
    for entry in ("chat.js", "race.js"):
        modules = modules_of(entry)
        assert len(modules) == len(set(modules))
        assert all((STATIC / module).is_file() for module in modules)
        assert entry not in modules
    assert {"stream/sse.js", "markdown/markdown_view.js", "history/store.js"} <= set(modules_of("chat.js"))
    assert "history/store.js" not in modules_of("race.js")


OWN = {
    "scripts": [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts],
    "styles": [path for path in STATIC.rglob("*.css") if "vendor" not in path.parts],
    "templates": list((STATIC.parent / "templates").glob("*.html")),
}
MOST_BYTES_OF_CODE = 100 * 1024
"""Of all own scripts of both pages, comments apart."""
MOST_BYTES = {"scripts": 133_200, "styles": 22_300, "templates": 13_700}
"""As they are sent, comments and all: they can only become smaller."""


def test_own_code_is_small() -> None:
    assert sum(len(_code(path.read_text(encoding="utf-8"))) for path in OWN["scripts"]) <= MOST_BYTES_OF_CODE
    sizes = {kind: sum(path.stat().st_size for path in paths) for kind, paths in OWN.items()}
    assert {kind: size for kind, size in sizes.items() if not 0 < size <= MOST_BYTES[kind]} == {}


def _code(source: str) -> bytes:
    """A script without its comments and blank lines."""
    lines = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("//")).encode()
