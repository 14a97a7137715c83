"""Which scripts a page loads: named in it, they come all at once instead of one import after another."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

STATIC = Path(__file__).parent.parent / "static"
_IMPORT = re.compile(r"""^(?:import|export)\b[^;"']*?\bfrom\s*["'](\.[^"']+)["']""", re.MULTILINE)
"""`import()` is left out: what is loaded when it is needed is not loaded before."""


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """Return the paths below static/ of what a script imports, directly or not, as they are first named."""
    found = [entry]
    for name in found:
        source = (STATIC / name).read_text(encoding="utf-8")
        imported = (normpath(join(dirname(name), path)) for path in _IMPORT.findall(source))
        found += [path for path in dict.fromkeys(imported) if path not in found]
    return tuple(found[1:])
