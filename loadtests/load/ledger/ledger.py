"""Joins the answers of a run with what the mock noted of them: whose share of a delay is whose.

    TTFT = to the mock + the mock's own time + from its first token to the text that is seen

The first and the last are the app's, the network's and the load generator's together. What of them is the
app's, the app says itself in its terminal object; the rest is the client's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from msgspec import structs

from loadtests.load.ledger.journal import Entry
from loadtests.load.processes.records import Record, Shares
from loadtests.load.report import Ledger, Row
from loadtests.load.summary import row_of

APART_SECONDS = 0.005
"""Tokens that left the mock this far apart should be seen apart."""
TOGETHER_SECONDS = 0.001
"""Texts that come within this came in one lump."""
SAME_MACHINE_SECONDS = 0.1
ABORT_SECONDS = 1.0
"""An upstream that still sends this long after its reader has gone was not told."""


def ledger_of(
    records: Sequence[Record], entries: Iterable[Entry], read_at: float, own_ahead: float
) -> Ledger | None:
    """None where the mock has none of the answers.

    `own_ahead` is how far seconds since 1970 are ahead of this machine's monotonic clock, which is the mock's
    as well if it runs here.
    """
    noted = list(entries)
    by_id = _by_id(noted)
    pairs = [(record, by_id[record.request_id]) for record in records if record.request_id in by_id]
    if not pairs:
        return None
    ahead = _ahead(pairs, noted, own_ahead)
    apart, lumped = map(sum, zip(*(_lumps(*pair) for pair in pairs), strict=True))
    return Ledger(
        joined=len(pairs),
        rows=tuple(_rows(pairs, ahead)),
        held_back_share=round(lumped / apart, 6) if apart else None,
        lost_aborts=sum(_is_lost(record, entry, ahead, read_at) for record, entry in pairs),
    )


def _ahead(pairs: Sequence[tuple[Record, Entry]], noted: Sequence[Entry], own_ahead: float) -> float:
    """How far the clock of the records is ahead of the mock's monotonic one."""
    # The mock read its two clocks one after the other; the least difference is the nearest to the truth.
    ahead = min(entry.received - entry.started for entry in noted)
    if abs(ahead - own_ahead) < SAME_MACHINE_SECONDS:
        return own_ahead
    # Another machine's clock may be wrong by more than all that is measured. Of the answers the shortest way
    # there is taken to be as long as the shortest way back, as NTP does.
    there = min(entry.started - record.sent for record, entry in pairs)
    back = [
        record.sent + record.timing.ttft - _first_left(record, entry)
        for record, entry in pairs
        if record.timing and entry.actual and not record.timing.has_reasoning
    ]
    return (min(back) - there) / 2 if back else ahead


def _first_left(record: Record, entry: Entry) -> float:
    """When the first text left the mock: a whole answer leaves with its last token."""
    return entry.actual[0] if record.timing and record.timing.itl else entry.actual[-1]


def shared(records: Iterable[Record], entries: Iterable[Entry]) -> list[Record]:
    """The same with the shares of each answer of which mock and app say theirs."""
    by_id = _by_id(entries)
    return [
        structs.replace(record, shares=_three(record, by_id.get(record.request_id))) for record in records
    ]


def _three(record: Record, entry: Entry | None) -> Shares | None:
    timing = record.timing
    if entry is None or timing is None or timing.apps_ttft is None or not entry.actual:
        return None
    if timing.has_reasoning:
        return None  # which of the mock's tokens was the first of the text, it does not say
    model = _first_left(record, entry) - entry.started
    return Shares(model, timing.apps_ttft - model, timing.ttft - timing.apps_ttft)


def _by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.client_request_id: entry for entry in entries if entry.client_request_id}


def seen(record: Record) -> list[float]:
    """When the texts of an answer were seen, in seconds after it was asked for."""
    return list(accumulate(record.timing.itl, initial=record.timing.ttft)) if record.timing else []


def _rows(pairs: Sequence[tuple[Record, Entry]], ahead: float) -> Iterator[Row]:
    shares: dict[tuple[str, str], list[float]] = {}
    for record, entry in pairs:
        for share, seconds in _shares(record, entry, ahead).items():
            shares.setdefault((record.mode, share), []).extend(seconds)
    for (mode, share), seconds in sorted(shares.items()):
        if row := row_of(mode, share, seconds):
            yield row


def _shares(record: Record, entry: Entry, ahead: float) -> Mapping[str, Sequence[float]]:
    texts = seen(record)
    if not texts or not entry.actual or len(entry.actual) < len(texts) or _has_reasoning(record):
        return {}
    left = [at + ahead - record.sent for at in entry.actual]
    # A whole answer leaves with its last token.
    first = left[0] if len(texts) > 1 else left[-1]
    found: dict[str, Sequence[float]] = {
        "to the mock": (entry.started + ahead - record.sent,),
        "the mock": (first - (entry.started + ahead - record.sent),),
        "from the mock": (texts[0] - first,),
    }
    if three := _three(record, entry):
        found |= {"the app": (three.app,), "the client": (three.client,)}
    if len(texts) == len(left):
        found["token delay"] = [came - went for came, went in zip(texts, left, strict=True)]
    return found


def _lumps(record: Record, entry: Entry) -> tuple[int, int]:
    """How many gaps the mock left between its tokens, and how many of them the user did not get."""
    if record.timing is None or not record.timing.itl or _has_reasoning(record):
        return 0, 0
    sent = sum(later - earlier >= APART_SECONDS for earlier, later in pairwise(entry.actual))
    came = sum(gap >= TOGETHER_SECONDS for gap in record.timing.itl)
    return sent, max(0, sent - came)


def _has_reasoning(record: Record) -> bool:
    return record.timing is not None and record.timing.has_reasoning


def _is_lost(record: Record, entry: Entry, ahead: float, read_at: float) -> bool:
    if record.left is None or entry.outcome not in ("complete", "sending"):
        return False
    ended = read_at if entry.ended is None else entry.ended + ahead
    return ended - record.left > ABORT_SECONDS
