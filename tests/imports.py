"""What the files of a package import: by their syntax, wherever in the file and however it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "loadtests" / "bench" / "peers"
"""Other programs, which the bench starts: no part of the package, and no package."""
BY_NAME = {"import_module", "__import__"}


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """Yield the dotted name within the package, and the path, of each file."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if PEERS not in path.parents:
            yield ".".join(path.relative_to(ROOT / package).with_suffix("").parts), path


def imported(path: Path) -> set[str]:
    """Every module that a file imports, by its dotted name, wherever in the file it does.

    With what is taken from it, which may be a module too.
    """
    names = set()
    for module, name in statements(path.read_text(encoding="utf-8")):
        names |= {module, f"{module}.{name}"} if name else {module}
    return names


def files_imported(source: str, *, for_types: bool = True) -> set[str]:
    """The modules of this repository that a source names: doors, and files that no door hands out.

    Without those that only type checkers import, unless they are asked `for_types`.
    """
    found = set()
    for module, name in statements(source, for_types=for_types):
        if name and name not in handed_out(module) and is_module(f"{module}.{name}"):
            found.add(f"{module}.{name}")
        elif is_module(module):
            found.add(module)
    return found


@lru_cache(maxsize=10_000)
def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@lru_cache(maxsize=1000)
def handed_out(door: str) -> frozenset[str]:
    """What a folder's door hands out, by its `__all__`."""
    path = ROOT.joinpath(*door.split("."), "__init__.py")
    if not path.is_file():
        return frozenset()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def folder_entered(importer: str, module: str) -> str | None:
    """Return the folder whose door is passed by when one module names another, if one is.

    Who stands in a folder knows its files, and the doors of the folders beside and below it.
    """
    here, there = importer.split(".")[:-1], module.split(".")
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    if len(there) - shared <= 1:
        return None
    return ".".join(there[: shared + 1])


@lru_cache(maxsize=2000)
def statements(source: str, *, for_types: bool = True) -> tuple[tuple[str, str], ...]:
    """Return each module that is imported, with each name that is taken from it, or none."""
    return tuple(_statements(ast.parse(source), for_types=for_types))


def _statements(tree: ast.AST, *, for_types: bool) -> Iterator[tuple[str, str]]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import(names=aliases):
                yield from ((alias.name, "") for alias in aliases)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                assert level == 0, f"imports are absolute: {ast.unparse(node)}"
                yield from ((str(module), alias.name) for alias in aliases)
            case ast.If(test=test) if not for_types and ast.unparse(test).endswith("TYPE_CHECKING"):
                yield from _statements(ast.Module(body=node.orelse, type_ignores=[]), for_types=for_types)
                continue
            case ast.Call(
                func=ast.Name(id=by) | ast.Attribute(attr=by), args=[ast.Constant(value=str(name)), *_]
            ):
                if by in BY_NAME:
                    yield name, ""
        yield from _statements(node, for_types=for_types)
