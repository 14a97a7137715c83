import gc
import os
import sqlite3
from pathlib import Path

import pytest

from mockllm import create_app
from mockllm.journal.store import Store


def test_a_store_that_nobody_has_any_more_closes_its_connection() -> None:
    store = Store()
    with store.opened() as connection:
        connection.execute("SELECT 1")
    del store
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_so_does_that_of_an_application() -> None:
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        assert create_app().test_client().get("/mock/requests").status_code == 200
    gc.collect()
    assert len(list(Path("/dev/fd").iterdir())) <= before


def test_a_fork_leaves_the_connection_of_its_parent_alone(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "state"))
    with store.opened() as connection:
        connection.execute("INSERT INTO quotas VALUES ('a', 'requests', 1, 0)")
    if (pid := os.fork()) == 0:
        with store.opened() as own:
            count = own.execute("SELECT count(*) FROM quotas").fetchone()[0]
        del store, own
        gc.collect()
        os._exit(count)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert connection.execute("SELECT count(*) FROM quotas").fetchone()[0] == 1
