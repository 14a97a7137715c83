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
    received: float
    """Seconds since 1970."""
    tokens: int
    lateness_ms: Lateness
    outcome: str
    client_request_id: str | None = None


class _Page(msgspec.Struct):
    requests: list[Entry]
    next: int | None = None


def entries(mock_url: str, since: float) -> Iterator[Entry]:
    """The requests that came to the mock since then; raises ClientError and msgspec's errors."""
    after = 0
    with Client(mock_url) as client:
        while True:
            text = client.get(f"/mock/requests?times=false&limit={PAGE}&after={after}")
            page = msgspec.json.decode(text, type=_Page)
            yield from (entry for entry in page.requests if entry.received >= since)
            if page.next is None:
                return
            after = page.next


def lateness(mock_url: str, records: Sequence[Record]) -> Row | None:
    """How late the mock sent the latest token of each answer; None where no mock says."""
    if not (mock_url and records):
        return None
    try:
        came = list(entries(mock_url, min(record.sent for record in records)))
    except (ClientError, msgspec.MsgspecError):
        return None
    return row_of("mock", "late", (entry.lateness_ms.max / 1000 for entry in came if entry.tokens))
