"""Rules that a test gives to the running server: the same in all its workers, and forgotten on demand.

Workers are forks of one process, so they share the file that was open before the fork; it has no name, and
is gone when the last of them is. Its lock is taken for microseconds, and never while a greenlet may switch.
"""

import fcntl
import os
import struct
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from mockllm.rules.reading import RuleError, read_rule
from mockllm.rules.rule import Question, Rule, matches

MAX_RULES = 1000
MAX_BYTES = 4 * 1024 * 1024
_NUMBER = struct.Struct("<Q")
_GENERATION_AT = 0
_LENGTH_AT = 8
_USES_AT = 16
_DOCUMENT_AT = _USES_AT + 8 * MAX_RULES


class SharedRules:
    """Rules in the order they were given, each with the number of requests it has answered."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile(buffering=0) as file:
            file.truncate(_DOCUMENT_AT)
            self._fd = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._fd)
        self._threads = threading.Lock()
        self._generation = 0
        self._rules: tuple[Rule, ...] = ()

    def add(self, value: Any) -> int:
        """Add a rule and return how many there are. Raises RuleError for a mistake, and for one too many."""
        rule = read_rule(value, (), counted=True)
        with self._locked():
            rules = (*self._read(), rule)
            document = msgspec.json.encode([_plain(each) for each in rules])
            if len(rules) > MAX_RULES or len(document) > MAX_BYTES:
                raise RuleError((), f"expected at most {MAX_RULES} rules and {MAX_BYTES} bytes of them")
            self._write(document, rules)
        return len(rules)

    def clear(self) -> None:
        """Forget all rules."""
        with self._locked():
            os.pwrite(self._fd, bytes(8 * MAX_RULES), _USES_AT)
            self._write(b"[]", ())

    def listed(self) -> list[dict[str, Any]]:
        """List the rules, with how many requests each has answered."""
        with self._locked():
            return [{**_plain(rule), "used": self._uses(index)} for index, rule in enumerate(self._read())]

    def take(self, asked: Question) -> Sequence[Rule]:
        """Return the rules for a request, the strongest last: one for its answer and one for its fault.

        Of those that match, counted rules come first, in the order they were given, until they are used up;
        then the latest of the others.
        """
        if self._number(_GENERATION_AT) == self._generation and not self._rules:
            return ()
        with self._locked():
            numbered = [pair for pair in enumerate(self._read()) if matches(pair[1], asked)]
            answers = [pair for pair in numbered if not pair[1].is_only_fault]
            faults = [pair for pair in numbered if pair[1].is_only_fault]
            return [rule for pairs in (answers, faults) for rule in self._taken(pairs)]

    def _taken(self, numbered: Sequence[tuple[int, Rule]]) -> Iterable[Rule]:
        for index, rule in _in_turn(numbered):
            used = self._uses(index)
            if rule.times is None or used < rule.times:
                self._set_number(_USES_AT + 8 * index, used + 1)
                return (rule,)
        return ()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The file's lock keeps other processes out, and other threads of this one do not count as such.
        with self._threads:
            fcntl.lockf(self._fd, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._fd, fcntl.LOCK_UN)

    def _read(self) -> tuple[Rule, ...]:
        generation = self._number(_GENERATION_AT)
        if generation != self._generation:
            document = os.pread(self._fd, self._number(_LENGTH_AT), _DOCUMENT_AT)
            self._rules = tuple(read_rule(each, (), counted=True) for each in msgspec.json.decode(document))
            self._generation = generation
        return self._rules

    def _write(self, document: bytes, rules: tuple[Rule, ...]) -> None:
        os.pwrite(self._fd, document, _DOCUMENT_AT)
        self._set_number(_LENGTH_AT, len(document))
        self._rules, self._generation = rules, self._number(_GENERATION_AT) + 1
        self._set_number(_GENERATION_AT, self._generation)

    def _uses(self, index: int) -> int:
        return self._number(_USES_AT + 8 * index)

    def _number(self, offset: int) -> int:
        number: int = _NUMBER.unpack(os.pread(self._fd, _NUMBER.size, offset))[0]
        return number

    def _set_number(self, offset: int, number: int) -> None:
        os.pwrite(self._fd, _NUMBER.pack(number), offset)


def _in_turn(numbered: Sequence[tuple[int, Rule]]) -> Iterator[tuple[int, Rule]]:
    is_counted: Callable[[tuple[int, Rule]], bool] = lambda pair: pair[1].times is not None  # noqa: E731
    yield from filter(is_counted, numbered)
    yield from (pair for pair in reversed(numbered) if not is_counted(pair))


def _plain(rule: Rule) -> dict[str, Any]:
    plain = {"when": rule.when, "answer": rule.answer}
    return plain if rule.times is None else {**plain, "times": rule.times}
