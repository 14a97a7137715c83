"""The state that all workers share, in a small database in a directory of the server's own."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

_TABLES = """
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT, client_request_id TEXT, method TEXT, path TEXT, model TEXT, status INTEGER, fault TEXT,
    outcome TEXT, phase TEXT, started REAL, ended REAL, size INTEGER,
    planned BLOB, actual BLOB, late BLOB, rest BLOB
);
CREATE INDEX IF NOT EXISTS requests_by_id ON requests (request_id);
CREATE INDEX IF NOT EXISTS requests_by_client_id ON requests (client_request_id);
CREATE TABLE IF NOT EXISTS dropped (requests INTEGER, bytes INTEGER);
INSERT INTO dropped SELECT 0, 0 WHERE NOT EXISTS (SELECT * FROM dropped);
CREATE TRIGGER IF NOT EXISTS more_bytes AFTER INSERT ON requests BEGIN
    UPDATE dropped SET bytes = bytes + new.size;
END;
CREATE TRIGGER IF NOT EXISTS other_bytes AFTER UPDATE OF size ON requests BEGIN
    UPDATE dropped SET bytes = bytes + new.size - old.size;
END;
CREATE TRIGGER IF NOT EXISTS fewer_bytes AFTER DELETE ON requests BEGIN
    UPDATE dropped SET bytes = bytes - old.size;
END;
CREATE TABLE IF NOT EXISTS quotas (key TEXT, kind TEXT, left REAL, at REAL, PRIMARY KEY (key, kind));
CREATE TABLE IF NOT EXISTS rules (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document BLOB, times INTEGER, used INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS steps (rule TEXT, test TEXT, used INTEGER, PRIMARY KEY (rule, test));
CREATE TABLE IF NOT EXISTS counts (
    name TEXT, path TEXT, model TEXT, label TEXT, value INTEGER, PRIMARY KEY (name, path, model, label)
);
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT, kind TEXT, key TEXT, owner TEXT, value BLOB, UNIQUE (scope, kind, key, owner)
);
CREATE INDEX IF NOT EXISTS documents_by_owner ON documents (scope, owner);
CREATE TABLE IF NOT EXISTS kept (bytes INTEGER);
INSERT INTO kept SELECT 0 WHERE NOT EXISTS (SELECT * FROM kept);
CREATE TRIGGER IF NOT EXISTS more_kept AFTER INSERT ON documents BEGIN
    UPDATE kept SET bytes = bytes + length(new.value);
END;
CREATE TRIGGER IF NOT EXISTS other_kept AFTER UPDATE OF value ON documents BEGIN
    UPDATE kept SET bytes = bytes + length(new.value) - length(old.value);
END;
CREATE TRIGGER IF NOT EXISTS fewer_kept AFTER DELETE ON documents BEGIN
    UPDATE kept SET bytes = bytes - length(old.value);
END;
"""
_BUSY_SECONDS = 5.0


class Store:
    """Opens the database once for each process; without a path it is in memory and the process's own."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path or ":memory:"
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._inherited: sqlite3.Connection | None = None
        self._process = 0

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection to one thread; each statement outside a transaction is one of its own."""
        with self._lock:
            if self._connection is None or self._process != os.getpid():
                # A connection must be neither used nor closed across a fork.
                self._inherited = self._connection
                self._connection = _connect(self._path)
                self._process = os.getpid()
                weakref.finalize(self, _close, self._connection, self._process)
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for changes that all workers see at once."""
        with self.opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _close(connection: sqlite3.Connection, process: int) -> None:
    if process == os.getpid():
        connection.close()


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    # Readers do not hold up writers, and nothing waits for a disk: the state ends with the server.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(_TABLES)
    return connection
