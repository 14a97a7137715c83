"""Documents by kind and name, in the database that all workers share; the oldest make room for others."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mockllm.journal.store import Store

MOST_DOCUMENTS = 20_000
MOST_BYTES = 256 * 1024 * 1024

# SQLite's own REPLACE would not be seen by the trigger that counts what is deleted.
_REMOVE = "DELETE FROM documents WHERE scope = ? AND kind = ? AND key = ? AND owner = ?"
_INSERT = "INSERT INTO documents (scope, kind, key, owner, value) VALUES (?, ?, ?, ?, ?)"
_REPLACE = "UPDATE documents SET value = ? WHERE scope = ? AND kind = ? AND key = ? AND owner = ?"
_FIND = "SELECT value FROM documents WHERE scope = ? AND kind = ? AND key = ? ORDER BY number DESC"
_ROOM = "DELETE FROM documents WHERE number <= ? - ?"
_BYTES = "SELECT bytes FROM kept"
_OLDEST = "DELETE FROM documents WHERE number = (SELECT min(number) FROM documents)"


class Document(NamedTuple):
    """Some bytes; `owner` is the document that they are a part of, and go with.

    Parts of the same name are several if their owners are.
    """

    kind: str
    key: str
    value: bytes
    owner: str = ""


class Documents:
    """Documents of one scope: what one test keeps, another with a scope of its own does not see."""

    def __init__(self, store: Store, scope: str = "") -> None:
        self._store = store
        self._scope = scope

    def of(self, scope: str) -> "Documents":
        """Return those of another scope."""
        return Documents(self._store, scope)

    def put(self, documents: Iterable[Document]) -> None:
        """Keep documents, the newest so many and so many bytes; one of the same names gives way to them."""
        with self._store.transaction() as connection:
            self._put(connection, documents)

    def replace(self, document: Document) -> None:
        """Write a document that is there anew: it is as old as before, and stays where it is in a list."""
        place = (self._scope, document.kind, document.key, document.owner)
        with self._store.transaction() as connection:
            connection.execute(_REPLACE, (document.value, *place))
            _make_room(connection)

    def put_numbered(self, counter: Document, step: int, make: Callable[[int], Iterable[Document]]) -> None:
        """Keep documents made from a number, which grows by `step` and never falls while they are kept.

        `counter` says where the number stands: it is written behind them, so that it outlives them.
        """
        with self._store.transaction() as connection:
            found = connection.execute(_FIND, (self._scope, counter.kind, counter.key)).fetchone()
            number = int(found["value"]) if found else 0
            self._put(connection, [*make(number), counter._replace(value=b"%d" % (number + step))])

    def get(self, kind: str, key: str) -> bytes | None:
        """Return the value of a document, and of several the newest."""
        with self._store.opened() as connection:
            found = connection.execute(_FIND, (self._scope, kind, key)).fetchone()
        return found["value"] if found else None

    def all(self, kind: str, owner: str = "") -> list[tuple[str, bytes]]:
        """List names and values of a kind, and of an owner if one is named, the oldest first."""
        return [(row["key"], row["value"]) for row in self._rows(kind, owner)]

    def remove(self, kind: str, key: str, owner: str = "") -> bool:
        """Remove a document and its parts, or a part of its owner's; says whether there was one."""
        with self._store.transaction() as connection:
            gone = connection.execute(_REMOVE, (self._scope, kind, key, owner)).rowcount
            if not owner:
                connection.execute("DELETE FROM documents WHERE scope = ? AND owner = ?", (self._scope, key))
        return gone > 0

    def clear(self) -> None:
        """Forget all documents, of whatever scope."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM documents")

    def _put(self, connection: sqlite3.Connection, documents: Iterable[Document]) -> None:
        for each in documents:
            place = (self._scope, each.kind, each.key, each.owner)
            connection.execute(_REMOVE, place)
            number = connection.execute(_INSERT, (*place, each.value)).lastrowid or 0
            connection.execute(_ROOM, (number, MOST_DOCUMENTS))
        _make_room(connection)

    def _rows(self, kind: str, owner: str) -> list[sqlite3.Row]:
        with self._store.opened() as connection:
            return connection.execute(
                "SELECT key, value FROM documents WHERE scope = ? AND kind = ? AND (? = '' OR owner = ?)"
                " ORDER BY number",
                (self._scope, kind, owner, owner),
            ).fetchall()


def _make_room(connection: sqlite3.Connection) -> None:
    while connection.execute(_BYTES).fetchone()[0] > MOST_BYTES:
        connection.execute(_OLDEST)
