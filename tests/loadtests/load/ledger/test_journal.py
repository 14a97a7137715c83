"""What a mock's journal has of a run, and what it ought to have."""

from typing import Any

import pytest

from loadtests.load.ledger.journal import journal_of
from loadtests.load.processes.records import RIGHT, Record
from loadtests.rig import free_port
from loadtests.rig.scripted import ScriptedUpstream, Step, Talk, whole

SENT = 1_700_000_000.0


def record(request_id: str, outcome: str = RIGHT, left: float | None = None) -> Record:
    return Record(request_id=request_id, mode="/chat streaming", outcome=outcome, sent=SENT, left=left)


def noted(request_id: str | None, ahead: float = 0.01) -> dict[str, Any]:
    return {"received": SENT + ahead, "started": 7.0, "outcome": "complete", "client_request_id": request_id}


def journal(*requests: dict[str, Any], dropped: int = 0, records: tuple[Record, ...] = ()) -> tuple[int, str]:
    """How many entries are of the run, and what is doubted."""
    pages = {
        "0": {"requests": requests[:2], "next": 2 if len(requests) > 2 else None, "dropped": dropped},
        "2": {"requests": requests[2:], "next": None, "dropped": dropped},
    }

    def script(request: Talk) -> list[Step]:
        return [whole(pages[request.path.rpartition("=")[2]])]

    with ScriptedUpstream(script) as mock:
        found = journal_of(mock.origin, records or (record("a"), record("b")))
    return len(found.entries), found.doubt


def test_entries_are_those_of_the_runs_own_ids_whatever_the_mocks_clock() -> None:
    assert journal(noted("a", -3600), noted("x"), noted("b", 3600)) == (2, "")


def test_an_answer_that_the_mock_was_never_asked_for_makes_the_run_invalid() -> None:
    doubt = "1 of 2 right answers are none that the mock was asked for: a cache may have given them"
    assert journal(noted("a")) == (1, doubt)
    assert journal() == (0, doubt.replace("1 of 2", "2 of 2"))


def test_who_was_refused_or_left_need_not_have_reached_it() -> None:
    records = (record("a"), record("b", "refused: 429 rate_limited"), record("c", left=SENT + 1))
    assert journal(noted("a"), records=records) == (1, "")


def test_a_journal_that_has_not_kept_all_proves_nothing() -> None:
    assert journal(noted("b"), dropped=7) == (1, "")


def test_a_target_that_hands_on_no_ids_is_joined_by_time() -> None:
    assert journal(noted(None), noted("other"), noted(None, -60)) == (2, "")


@pytest.mark.parametrize("answer", [[whole("<h1>No</h1>")], [whole({}, b"404 Not Found")]])
def test_a_journal_that_cannot_be_read_is_no_journal_without_complaint(answer: list[Step]) -> None:
    with ScriptedUpstream(lambda _: answer) as mock:
        found = journal_of(mock.origin, [record("a")])
    assert found.doubt.startswith("the mock's journal could not be read: ")
    assert journal_of(f"http://127.0.0.1:{free_port()}", [record("a")]).doubt


def test_without_a_mock_nobody_is_asked() -> None:
    assert journal_of("", [record("a")]).doubt == ""
