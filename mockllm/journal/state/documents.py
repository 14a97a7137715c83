"""Documents by kind and name, in the database that all workers share; the oldest make room for others."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from mockllm.journal.store import Store

MOST_DOCUMENTS = 20_000
MOST_BYTES = 256 * 1024 * 1024

# A replacement would not be seen by the trigger that counts what is deleted.
_REMOVE = "DELETE FROM documents WHERE scope = ? AND kind = ? AND key = ?"
_INSERT = "INSERT INTO documents (scope, kind, key, owner, value) VALUES (?, ?, ?, ?, ?)"
_ROOM = "DELETE FROM documents WHERE number <= ? - ?"
_BYTES = "SELECT bytes FROM kept"
_OLDEST = "DELETE FROM documents WHERE number = (SELECT min(number) FROM documents)"


class Document(NamedTuple):
    """Some bytes; `owner` is the document that they are a part of, and go with."""

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
        """Keep documents, the newest so many and so many bytes; one of the same kind and name is replaced."""
        rows = [(self._scope, each.kind, each.key, each.owner, each.value) for each in documents]
        with self._store.transaction() as connection:
            for row in rows:
                connection.execute(_REMOVE, row[:3])
                number = connection.execute(_INSERT, row).lastrowid or 0
                connection.execute(_ROOM, (number, MOST_DOCUMENTS))
            while connection.execute(_BYTES).fetchone()[0] > MOST_BYTES:
                connection.execute(_OLDEST)

    def get(self, kind: str, key: str) -> bytes | None:
        with self._store.opened() as connection:
            found = connection.execute(
                "SELECT value FROM documents WHERE scope = ? AND kind = ? AND key = ?",
                (self._scope, kind, key),
            ).fetchone()
        return found["value"] if found else None

    def all(self, kind: str, owner: str = "") -> list[tuple[str, bytes]]:
        """List names and values of a kind, and of an owner if one is named, the oldest first."""
        return [(row["key"], row["value"]) for row in self._rows(kind, owner)]

    def count(self, kind: str, prefix: str) -> int:
        """Count the names of a kind that begin so."""
        return sum(key.startswith(prefix) for key, _ in self.all(kind))

    def remove(self, kind: str, key: str) -> bool:
        """Remove a document and its parts; says whether there was one."""
        with self._store.transaction() as connection:
            gone = connection.execute(_REMOVE, (self._scope, kind, key)).rowcount
            connection.execute("DELETE FROM documents WHERE scope = ? AND owner = ?", (self._scope, key))
        return gone > 0

    def clear(self) -> None:
        """Forget all documents, of whatever scope."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM documents")

    def _rows(self, kind: str, owner: str) -> list[sqlite3.Row]:
        with self._store.opened() as connection:
            return connection.execute(
                "SELECT key, value FROM documents WHERE scope = ? AND kind = ? AND (? = '' OR owner = ?)"
                " ORDER BY number",
                (self._scope, kind, owner, owner),
            ).fetchall()
