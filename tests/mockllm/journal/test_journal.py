import time
from array import array

import pytest

from mockllm.journal.journal import Entry, Journal, phase
from mockllm.journal.store import Store
from mockllm.timing.delivery import Delivery


def entry(number: int = 0, **fields: object) -> Entry:
    defaults = {
        "request_id": f"req_{number}", "method": "POST", "path": "/v1/chat/completions",
        "headers": {"X-Client-Request-Id": f"mine-{number}", "Authorization": "Bearer secret"},
        "body": b'{"model":"mock"}', "started": 100.0, "status": 200, "model": "mock", "answer": "Hi",
    }  # fmt: skip
    return Entry(**{**defaults, **fields})  # type: ignore[arg-type] # the test knows the fields


def delivered(*tokens: tuple[float, float]) -> Delivery:
    dues, times = array("d", [due for due, _ in tokens]), array("d", [sent for _, sent in tokens])
    late = array("d", [sent - due for due, sent in tokens])
    return Delivery(100.0, "complete", True, dues, times, late)


def test_a_request_from_its_beginning_to_its_end() -> None:
    journal = Journal(Store(), 10)
    number = journal.begin(entry())
    (begun,) = journal.page({})["requests"]
    assert (begun["outcome"], begun["tokens"], begun["body"]) == ("sending", 0, {"model": "mock"})
    journal.end(number, delivered((101.0, 101.001), (101.5, 101.504)))
    (told,) = journal.page({})["requests"]
    assert told["headers"] == {"X-Client-Request-Id": "mine-0"}
    assert told["answer"] == "Hi"
    assert (told["planned"], told["actual"]) == ([101.0, 101.5], [101.001, 101.504])
    assert (told["outcome"], told["phase"], told["started"]) == ("complete", None, 100.0)
    assert told["lateness_ms"] == {"p50": 4.0, "p99": 4.0, "max": 4.0}
    assert told["received"] == pytest.approx(time.time(), abs=60)
    assert told["ended"] == pytest.approx(time.monotonic(), abs=60)


@pytest.mark.parametrize(
    ("outcome", "head_sent", "tokens", "expected"),
    [
        ("complete", True, 1, None), ("client_gone", False, 0, "before_head"), ("cut", True, 2, "mid_stream"),
        ("client_gone", True, 0, "before_first_token"), ("client_gone", True, 1, "mid_stream"),
    ],
)  # fmt: skip
def test_how_far_it_came(outcome: str, head_sent: bool, tokens: int, expected: str | None) -> None:
    times = array("d", range(tokens))
    assert phase(Delivery(0.0, outcome, head_sent, times, times)) == expected  # type: ignore[arg-type]


def test_the_oldest_make_room_and_are_counted() -> None:
    journal = Journal(Store(), 3)
    for number in range(8):
        journal.begin(entry(number))
    page = journal.page({})
    assert [told["request_id"] for told in page["requests"]] == ["req_5", "req_6", "req_7"]
    assert page["dropped"] == 5


def test_pages_and_filters() -> None:
    journal = Journal(Store(), 100)
    for number in range(10):
        journal.begin(entry(number, fault="reset" if number % 2 else ""))
    first = journal.page({"fault": "reset"}, limit=3, with_times=False)
    assert [told["request_id"] for told in first["requests"]] == ["req_1", "req_3", "req_5"]
    assert (first["matching"], "planned" in first["requests"][0]) == (5, False)
    second = journal.page({"fault": "reset"}, after=first["next"], limit=3)
    assert [told["request_id"] for told in second["requests"]] == ["req_7", "req_9"]
    assert second["next"] is None
    assert len(journal.page({"client_request_id": "mine-4"})["requests"]) == 1
    assert len(journal.page({"status": "200", "path": "/v1/embeddings"})["requests"]) == 0


def test_what_ends_after_a_reset_stays_forgotten() -> None:
    journal = Journal(Store(), 2)
    number = journal.begin(entry())
    journal.clear()
    again = journal.begin(entry(1))
    journal.end(number, delivered((1.0, 1.0)))
    (told,) = journal.page({})["requests"]
    assert (told["number"], told["tokens"]) == (again, 0)


def test_a_journal_of_no_size_keeps_nothing() -> None:
    journal = Journal(Store(), 0)
    journal.end(journal.begin(entry()), delivered())
    assert journal.page({}) == {"requests": [], "next": None, "matching": 0, "dropped": 0}


def test_long_and_broken_bodies_are_kept() -> None:
    journal = Journal(Store(), 10)
    journal.begin(entry(body=b"\xff" + b"x" * 100_000))
    (told,) = journal.page({})["requests"]
    assert (len(told["body"]), told["body_bytes"]) == (100_001, 100_001)


def test_large_bodies_make_room_for_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockllm.journal.journal._MOST_BYTES", 100_000)
    journal = Journal(Store(), 1000)
    for number in range(20):
        journal.begin(entry(number, body=b"x" * 20_000))
    page = journal.page({})
    assert [told["request_id"] for told in page["requests"]] == [f"req_{number}" for number in range(16, 20)]
    assert page["dropped"] == 16
    journal.clear()
    journal.begin(entry(body=b"x" * 50_000))
    assert len(journal.page({})["requests"]) == 1


def test_the_times_of_long_answers_make_room_for_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockllm.journal.journal._MOST_BYTES", 100_000)
    journal = Journal(Store(), 1000)
    for number in range(8):
        journal.end(journal.begin(entry(number)), delivered(*[(1.0, 2.0)] * 1_000))
    page = journal.page({}, with_times=False)
    # Three times of eight bytes a token; the last was told only when room had been made.
    assert [told["request_id"] for told in page["requests"]] == [f"req_{number}" for number in range(3, 8)]
    assert page["dropped"] == 3
    journal.clear()
    for number in range(3):
        journal.begin(entry(number, body=b"x" * 30_000))
    assert len(journal.page({})["requests"]) == 3, "what is forgotten takes no room"
