"""Rules that a test gives to the running server, and how far others are: the same in all its workers."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

import msgspec

from mockllm.rules.mistakes import RuleError
from mockllm.rules.reading import read_rule
from mockllm.rules.rule import Purpose, Question, Rule, matches, serves
from mockllm.values import digest

MAX_GIVEN_RULES = 1000
MAX_BYTES = 4 * 1024 * 1024

_SIZE = "SELECT count(*), coalesce(sum(length(document)), 0) FROM rules"
_TAKE = "UPDATE rules SET used = used + 1 WHERE number = ? AND used BETWEEN ? AND ?"

_COUNT_STEP = """
INSERT INTO steps (rule, test, used) VALUES (?, ?, 1)
ON CONFLICT (rule, test) DO UPDATE SET used = used + 1 WHERE used BETWEEN ? AND ?
"""
_USED_STEP = "SELECT used FROM steps WHERE rule = ? AND test = ?"


class Database(Protocol):
    """Where all workers find the same rules: one that has the tables `rules` and `steps`."""

    def opened(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend the connection; each statement is a transaction of its own."""

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend the connection for changes that are seen all at once."""


class Chosen(NamedTuple):
    """A rule for a request, and the statement that counts the request, but not if others came first."""

    rule: Rule
    statement: tuple[str, Sequence[Any]] | None = None


class _TakenError(Exception):
    """Another request took a rule between the choice and its use."""


def use(database: Database, chosen: Iterable[Chosen]) -> bool:
    """Count a request on the rules chosen for it: on all, or on none if one is no more as it was."""
    counts = [each.statement for each in chosen if each.statement]
    if not counts:
        return True
    try:
        with database.transaction() as connection:
            for statement in counts:
                if not connection.execute(*statement).rowcount:
                    raise _TakenError  # noqa: TRY301 - what is left of it is rolled back
    except _TakenError:
        return False
    return True


class SharedRules:
    """Rules in the order they were given, each with the number of requests it has answered."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # Numbers are not given twice, so what one means is read once.
        self._read: dict[int, Rule] = {}
        self._used: dict[int, int] = {}

    def add(self, value: Any) -> int:
        """Add a rule and return how many there are. Raises RuleError for a mistake, and for one too many."""
        rule = read_rule(value, (), counted=True)
        document = msgspec.json.encode(_plain(rule))
        with self.database.transaction() as connection:
            count, size = connection.execute(_SIZE).fetchone()
            if count >= MAX_GIVEN_RULES or size + len(document) > MAX_BYTES:
                raise RuleError((), f"expected at most {MAX_GIVEN_RULES} rules and {MAX_BYTES} bytes of them")
            connection.execute("INSERT INTO rules (document, times) VALUES (?, ?)", (document, rule.times))
        return int(count) + 1

    def clear(self) -> None:
        """Forget all rules."""
        with self.database.opened() as connection:
            connection.execute("DELETE FROM rules")

    def listed(self) -> list[dict[str, Any]]:
        """List the rules, with how many requests each has answered."""
        with self.database.opened() as connection:
            rows = connection.execute("SELECT document, used FROM rules ORDER BY number").fetchall()
        return [{**msgspec.json.decode(document), "used": used} for document, used in rows]

    def rules(self) -> Sequence[Rule]:
        """Return the rules in the order they were given."""
        return tuple(self._rules().values())

    def choose(self, asked: Question, purpose: Purpose = "answer") -> Sequence[Chosen]:
        """Return the rules for a request, the strongest last: one for its answer and one for its fault.

        Of those that match, counted rules come first, in the order they were given, until they are used up;
        then the latest of the others. Nothing is locked while conditions are looked at.
        """
        rules, used = self._rules(), self._used
        matching = [
            number for number, rule in rules.items() if serves(rule, purpose) and matches(rule, asked)
        ]
        answers = [number for number in matching if not rules[number].is_only_fault]
        faults = [number for number in matching if rules[number].is_only_fault]
        first = (next(self._left(numbers), None) for numbers in (answers, faults))
        return [
            Chosen(rules[number].at(used[number]), (_TAKE, (number, *rules[number].span(used[number]))))
            for number in first
            if number is not None
        ]

    def _left(self, numbers: Sequence[int]) -> Iterator[int]:
        """Yield those that are not used up, the first that answers first."""
        times, used = {number: self._read[number].times for number in numbers}, self._used
        yield from (number for number, most in times.items() if most is not None and used[number] < most)
        yield from (number for number in reversed(numbers) if times[number] is None)

    def _rules(self) -> dict[int, Rule]:
        with self.database.opened() as connection:
            self._used = dict(connection.execute("SELECT number, used FROM rules ORDER BY number").fetchall())
            unread = (number for number in self._used if number not in self._read)
            query = "SELECT number, document FROM rules WHERE number = ?"
            rows = [row for number in unread for row in connection.execute(query, (number,))]
        read = {number: read_rule(msgspec.json.decode(text), (), counted=True) for number, text in rows}
        known = {**self._read, **read}
        # Another worker may have forgotten one between the two questions.
        self._read = {number: known[number] for number in self._used if number in known}
        return self._read


class Steps:
    """How many requests a rule of the file has answered, if it has several answers: for each test apart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, rule: Rule, asked: Question) -> Chosen:
        """Return the rule at its next answer. A rule that was edited begins again."""
        if not rule.on:
            return Chosen(rule)
        which = (
            digest(msgspec.json.encode([rule.when, rule.answers])).hex(),
            asked.headers.get("x-mock-test", ""),
        )
        with self._database.opened() as connection:
            found = connection.execute(_USED_STEP, which).fetchone()
        used = found[0] if found else 0
        return Chosen(rule.at(used), (_COUNT_STEP, (*which, *rule.span(used))))

    def clear(self) -> None:
        with self._database.opened() as connection:
            connection.execute("DELETE FROM steps")


def _plain(rule: Rule) -> dict[str, Any]:
    plain = {"when": rule.when, "answer": list(rule.answers) if rule.on else rule.answer}
    return plain if rule.times is None else {**plain, "times": rule.times}
