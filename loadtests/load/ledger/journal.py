"""What the mock noted of the answers of a run: when each token was due there, and how late it left."""

from collections.abc import Iterator, Sequence

import msgspec

from loadtests.chat import Client, ClientError
from loadtests.load.processes.records import Record
from loadtests.load.report import Row
from loadtests.load.summary import row_of

PAGE = 1000


class Lateness(msgspec.Struct):
    max: float = 0.0


class Entry(msgspec.Struct):
    """One request; `received` is in seconds since 1970, the other times are of the mock's monotonic clock."""

    received: float
    started: float
    outcome: str
    lateness_ms: Lateness = msgspec.field(default_factory=Lateness)
    ended: float | None = None
    client_request_id: str | None = None
    actual: list[float] = []
    """When each token left."""


class _Page(msgspec.Struct):
    requests: list[Entry]
    next: int | None = None


def entries(mock_url: str, since: float) -> Iterator[Entry]:
    """The requests that came to the mock since then; raises ClientError and msgspec's errors."""
    after = 0
    with Client(mock_url) as client:
        while True:
            text = client.get(f"/mock/requests?limit={PAGE}&after={after}")
            page = msgspec.json.decode(text, type=_Page)
            yield from (entry for entry in page.requests if entry.received >= since)
            if page.next is None:
                return
            after = page.next


def journal_of(mock_url: str, records: Sequence[Record]) -> list[Entry]:
    """The requests of a run; none where no mock says."""
    if not (mock_url and records):
        return []
    try:
        return list(entries(mock_url, min(record.sent for record in records)))
    except (ClientError, msgspec.MsgspecError):
        return []


def lateness(noted: Sequence[Entry]) -> Row | None:
    """How late the mock sent the latest token of each answer."""
    return row_of("mock", "late", (entry.lateness_ms.max / 1000 for entry in noted if entry.actual))
