"""What the mock noted of the answers of a run: when each token was due there, and how late it left."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from loadtests.chat import Client, ClientError
from loadtests.load.processes.records import RIGHT, Record
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
    dropped: int = 0
    """Requests that are not kept, of this run or of others before."""


@dataclass(frozen=True)
class Journal:
    """As much of the mock's as is of a run."""

    entries: Sequence[Entry] = ()
    doubt: str = ""
    """Why it does not say what became of the answers."""


def journal_of(mock_url: str, records: Sequence[Record]) -> Journal:
    """What it has of a run; nothing where no mock says."""
    if not (mock_url and records):
        return Journal()
    ids = {record.request_id for record in records}
    since = min(record.sent for record in records)
    try:
        pages = list(_pages(mock_url))
    except (ClientError, msgspec.MsgspecError) as error:
        return Journal(doubt=f"the mock's journal could not be read: {error}")
    noted = [entry for page in pages for entry in page.requests]
    # By its id, whatever clock the mock has; other load tests may ask it as well.
    ours = [entry for entry in noted if entry.client_request_id in ids]
    ours = ours or [entry for entry in noted if entry.received >= since]
    return Journal(ours, "" if pages[-1].dropped else missing(records, ours))


def missing(records: Sequence[Record], noted: Sequence[Entry]) -> str:
    """What a mock that has kept everything knows nothing of: whoever gave these answers, it was not it.

    A target that does not hand the ids on leaves all of them without one; then nothing can be said.
    """
    given = {record.request_id for record in records if record.outcome == RIGHT and record.left is None}
    known = {entry.client_request_id for entry in noted}
    lost = len(given - known)
    if not lost or (noted and not given & known):
        return ""
    came = f"{lost} of {len(given)} right answers"
    return f"{came} are none that the mock was asked for: a cache may have given them"


def _pages(mock_url: str) -> Iterator[_Page]:
    after: int | None = 0
    with Client(mock_url) as client:
        while after is not None:
            page = msgspec.json.decode(client.get(f"/mock/requests?limit={PAGE}&after={after}"), type=_Page)
            yield page
            after = page.next


def lateness(noted: Collection[Entry]) -> Row | None:
    """How late the mock sent the latest token of each answer."""
    return row_of("mock", "late", (entry.lateness_ms.max / 1000 for entry in noted if entry.actual))
