"""Rules in a YAML file: read with the place of each mistake, and read again when the file changes."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from mockllm.rules.mistakes import RuleError, written
from mockllm.rules.reading import read_rules
from mockllm.rules.rule import Rule

_LOOK_EVERY_SECONDS = 1.0
_log = logging.getLogger(__name__)


# What YAML's reader raises, beside errors of its own, for escapes and values that are none.
_NO_VALUE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
_STRING = "tag:yaml.org,2002:str"
_READ_AS_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")


class RuleFileError(ValueError):
    """A file that holds no rules; the message begins with file, line and column."""


def parse_rules(text: str, name: str) -> tuple[Rule, ...]:
    """Read rules from YAML. Raises RuleFileError."""
    node: yaml.Node | None = None
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return read_rules(loader.construct_document(node) if node else None)
    except yaml.MarkedYAMLError as error:
        problem = " ".join(filter(None, (error.context, error.problem)))
        raise RuleFileError(f"{_place(name, error.problem_mark)}: {problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise RuleFileError(f"{name}:{line}:{column}: {error.reason}") from error
    except _NO_VALUE as error:
        place = _place(name, loader.get_mark() if loader else None)
        raise RuleFileError(f"{place}: {error}") from error
    except RuleError as error:
        mark = _node_at(node, error).start_mark if node else None
        raise RuleFileError(f"{_place(name, mark)}: {written(error.path)}: {error.problem}") from error


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Read a file. Raises RuleFileError for a file that cannot be read, too."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{path}: {error}") from error
    return parse_rules(text, str(path))


class RuleFile:
    """The rules of a file that may be edited while the server runs; a broken edit leaves the last good ones.

    Raises RuleFileError if the file is broken at the start.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self.problem: str | None = None
        self._clock = clock
        self._seen = _version(path)
        self._looked = clock()
        self._rules = load_rules(path)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that hold at this moment; looks at the file at most once a second."""
        now = self._clock()
        if now - self._looked >= _LOOK_EVERY_SECONDS:
            self._looked = now
            self._look()
        return self._rules

    def _look(self) -> None:
        version = _version(self.path)
        if version == self._seen:
            return
        self._seen = version
        try:
            self._rules, self.problem = load_rules(self.path), None
        except RuleFileError as error:
            self.problem = str(error)
            _log.error("rules not reloaded, the last good ones stay: %s", error)


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, where YAML's own reader takes the last silently, and joins halves.

    A key is a text, `on` and `1` too, and so is what looks like a date.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the class that it is laid over has it
        first: [(tag, like) for tag, like in resolvers if tag not in _READ_AS_TEXT]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except _NO_VALUE as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        value = super().construct_scalar(node)
        return _paired(value) if isinstance(value, str) else value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "expected a mapping", node.start_mark)
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        self.flatten_mapping(node)
        for key, _ in node.value:
            key.tag = _STRING
        return super().construct_mapping(node, deep)


def _paired(text: str) -> str:
    """Join halves of a character as JSON does: YAML's reader takes `\\ud83d\\ude00` for two."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _node_at(node: yaml.Node, error: RuleError) -> yaml.Node:
    """Follow the path as far as the document goes."""
    for depth, step in enumerate(error.path, start=1):
        is_key = error.in_key and depth == len(error.path)
        found = _child(node, step, is_key=is_key)
        if found is None:
            return node
        node = found
    return node


def _child(node: yaml.Node, step: str | int, *, is_key: bool) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        child: yaml.Node = node.value[step]
        return child
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value if isinstance(node, yaml.MappingNode) else []
    return next((key if is_key else value for key, value in pairs if key.value == str(step)), None)


def _place(name: str, mark: Any) -> str:
    return f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name


def _version(path: Path) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - as fast as it gets
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
