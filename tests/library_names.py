"""The names that a source takes from a library which does not promise them, found in its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

OURS = ("webapp", "mockllm", "loadtests")
OWN_OBJECTS = ("self", "cls")
ASKED_BY_NAME = {"getattr", "hasattr", "setattr", "delattr", "attrgetter", "methodcaller"}
DOCUMENTED = {"_replace", "_asdict", "_fields", "_exit"}
"""Of named tuples and of `os`: Python's manual has them."""
_PRIVATE = re.compile(r"_[A-Za-z]\w*")


def private_names(source: str) -> set[str]:
    """Every private attribute of another object, be it asked for by its name, and all of a private module."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    names = {name for node in nodes for name in _named(node) if _PRIVATE.fullmatch(name)}
    return (names | _inherited(nodes) | _of_private_modules(nodes)) - DOCUMENTED


def _named(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id=holder)) if holder in OWN_OBJECTS:
            return
        case ast.Attribute(attr=name):
            yield name
        case ast.Call(func=ast.Name(id=asked) | ast.Attribute(attr=asked)) if asked in ASKED_BY_NAME:
            for part in (part for given in node.args for part in ast.walk(given)):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from part.value.split(".")


def _inherited(nodes: list[ast.AST]) -> set[str]:
    """What an object has of its own kind though the file never gives it."""
    read, given = set(), set()
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Load()):
                read.add(name)
            case ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                given.add(name)
    return {name for name in read - given if _PRIVATE.fullmatch(name)}


def _of_private_modules(nodes: list[ast.AST]) -> set[str]:
    names: set[str] = set()
    for node in nodes:
        match node:
            case ast.Import():
                paths = [(alias.name.split("."), ()) for alias in node.names]
            case ast.ImportFrom(module=str(module)):
                paths = [(module.split("."), tuple(alias.name for alias in node.names))]
            case _:
                continue
        for path, taken in paths:
            if path[0] in OURS:
                continue
            private = {part for part in path if _PRIVATE.fullmatch(part)}
            names |= private | {name for name in taken if private or _PRIVATE.fullmatch(name)}
    return names
