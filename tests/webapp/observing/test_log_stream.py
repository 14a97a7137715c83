"""A log whose reader does not read."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.observing.log_stream import LogStream

LINE = "x" * 300 + "\n"
LONG = "y" * 50_000 + "\n"


@pytest.fixture(params=["pipe", "socket"])
def ends(request: pytest.FixtureRequest) -> Iterator[tuple[int, int]]:
    made = os.pipe() if request.param == "pipe" else [end.detach() for end in socket.socketpair()]
    ends = made[0], made[1]
    yield ends
    for end in ends:
        os.close(end)


def taken(reading: int) -> bytes:
    os.set_blocking(reading, False)
    data = b""
    try:
        while part := os.read(reading, 1_000_000):
            data += part
    except BlockingIOError:
        return data
    return data


@pytest.mark.parametrize("line", [LINE, LONG])
def test_a_write_never_waits_and_what_is_dropped_is_counted(ends: tuple[int, int], line: str) -> None:
    reading, writing = ends
    stream = LogStream(writing)
    begun_at = time.monotonic()
    for _ in range(5000):
        stream.write(line)
    assert time.monotonic() - begun_at < 5
    dropped = stream.dropped
    assert dropped > 0
    assert os.get_blocking(writing), "others write there too"
    read = taken(reading)
    stream.write(line)
    stream.write(line)
    read += taken(reading)
    lines = [one for one in read.decode().splitlines(keepends=True) if one.endswith("\n")]
    told = [one for one in lines if "lines dropped" in one]
    assert told == [f'{{"event":"lines dropped","level":"warning","lines":{dropped}}}\n']
    assert {one for one in lines if one not in told} == {line}
    # The end of a long line may still be kept.
    assert 5002 - len(line) // 4096 <= len(lines) - len(told) + dropped <= 5002


def test_a_pipe_of_our_own_opening_is_not_asked_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    stream = LogStream(writing)
    monkeypatch.setattr(select, "poll", None)
    stream.write(LINE)
    assert taken(reading) == LINE.encode()
    os.close(reading)
    os.close(writing)


def test_a_file_takes_all(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        stream = LogStream(file.fileno())
        for _ in range(1000):
            stream.write(LONG)
    assert (tmp_path / "log").stat().st_size == 1000 * len(LONG)
