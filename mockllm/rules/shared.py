"""Rules that a test gives to the running server, and how far others are: the same in all its workers."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

from mockllm.rules.mistakes import RuleError
from mockllm.rules.reading import read_rule
from mockllm.rules.rule import Question, Rule, matches
from mockllm.values import digest

MAX_RULES = 1000
MAX_BYTES = 4 * 1024 * 1024

_SIZE = "SELECT count(*), coalesce(sum(length(document)), 0) FROM rules"
_TAKE = "UPDATE rules SET used = used + 1 WHERE number = ? AND (times IS NULL OR used < times)"
_USED = "SELECT used FROM rules WHERE number = ?"

_COUNT_STEP = """
INSERT INTO steps (rule, test, used) VALUES (?, ?, 1) ON CONFLICT (rule, test) DO UPDATE SET used = used + 1
"""
_USED_STEP = "SELECT used FROM steps WHERE rule = ? AND test = ?"


class Database(Protocol):
    """Where all workers find the same rules: one that has the table `rules`."""

    def opened(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend the connection; each statement is a transaction of its own."""

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend the connection for changes that are seen all at once."""


class SharedRules:
    """Rules in the order they were given, each with the number of requests it has answered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Numbers are not given twice, so what one means is read once.
        self._read: dict[int, Rule] = {}

    def add(self, value: Any) -> int:
        """Add a rule and return how many there are. Raises RuleError for a mistake, and for one too many."""
        rule = read_rule(value, (), counted=True)
        document = msgspec.json.encode(_plain(rule))
        with self._database.transaction() as connection:
            count, size = connection.execute(_SIZE).fetchone()
            if count >= MAX_RULES or size + len(document) > MAX_BYTES:
                raise RuleError((), f"expected at most {MAX_RULES} rules and {MAX_BYTES} bytes of them")
            connection.execute("INSERT INTO rules (document, times) VALUES (?, ?)", (document, rule.times))
        return int(count) + 1

    def clear(self) -> None:
        """Forget all rules."""
        with self._database.opened() as connection:
            connection.execute("DELETE FROM rules")

    def listed(self) -> list[dict[str, Any]]:
        """List the rules, with how many requests each has answered."""
        with self._database.opened() as connection:
            rows = connection.execute("SELECT document, used FROM rules ORDER BY number").fetchall()
        return [{**msgspec.json.decode(document), "used": used} for document, used in rows]

    def rules(self) -> Sequence[Rule]:
        """Return the rules in the order they were given."""
        return tuple(self._rules().values())

    def take(self, asked: Question) -> Sequence[Rule]:
        """Return the rules for a request, the strongest last: one for its answer and one for its fault.

        Of those that match, counted rules come first, in the order they were given, until they are used up;
        then the latest of the others. Nothing is locked while conditions are looked at.
        """
        matching = {number: rule for number, rule in self._rules().items() if matches(rule, asked)}
        answers = [number for number, rule in matching.items() if not rule.is_only_fault]
        faults = [number for number, rule in matching.items() if rule.is_only_fault]
        return [rule for numbers in (answers, faults) for rule in self._taken(numbers, matching)]

    def _taken(self, numbers: Sequence[int], rules: dict[int, Rule]) -> Iterable[Rule]:
        counted = [number for number in numbers if rules[number].times is not None]
        others = [number for number in reversed(numbers) if rules[number].times is None]
        for number in (*counted, *others):
            with self._database.transaction() as connection:
                if connection.execute(_TAKE, (number,)).rowcount:
                    (used,) = connection.execute(_USED, (number,)).fetchone()
                    return (rules[number].at(used - 1),)
        return ()

    def _rules(self) -> dict[int, Rule]:
        with self._database.opened() as connection:
            numbers = [number for (number,) in connection.execute("SELECT number FROM rules ORDER BY number")]
            unread = (number for number in numbers if number not in self._read)
            query = "SELECT number, document FROM rules WHERE number = ?"
            rows = [row for number in unread for row in connection.execute(query, (number,))]
        read = {number: read_rule(msgspec.json.decode(text), (), counted=True) for number, text in rows}
        known = {**self._read, **read}
        # Another worker may have forgotten one between the two questions.
        self._read = {number: known[number] for number in numbers if number in known}
        return self._read


class Steps:
    """How many requests a rule of the file has answered, if it has several answers: for each test apart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, rule: Rule, asked: Question) -> Rule:
        """Return the rule at its next answer. A rule that was edited begins again."""
        if not rule.on:
            return rule
        which = (
            digest(msgspec.json.encode([rule.when, rule.answers])).hex(),
            asked.headers.get("x-mock-test", ""),
        )
        with self._database.transaction() as connection:
            connection.execute(_COUNT_STEP, which)
            (used,) = connection.execute(_USED_STEP, which).fetchone()
        return rule.at(used - 1)

    def clear(self) -> None:
        with self._database.opened() as connection:
            connection.execute("DELETE FROM steps")


def _plain(rule: Rule) -> dict[str, Any]:
    plain = {"when": rule.when, "answer": list(rule.answers) if rule.on else rule.answer}
    return plain if rule.times is None else {**plain, "times": rule.times}
