import pytest

from webapp.upstream.failures.retry_after import LONGEST_SECONDS, retry_after_seconds

NOW = 1_764_150_000.0
"""Wed, 26 Nov 2025 09:40:00 GMT."""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "3", "retry-after-ms": "1500"}, 3.0),
        ({"retry-after": "Wed, 26 Nov 2025 09:40:30 GMT"}, 30.0),
        ({"retry-after": str(int(LONGEST_SECONDS))}, LONGEST_SECONDS),
    ],
)
def test_what_a_server_asks_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert retry_after_seconds(headers, NOW) == seconds


@pytest.mark.parametrize(
    "said",
    ["", "soon", "inf", "-inf", "nan", "-1", "1e400", "86401", "Thu, 26 Nov 2026 09:40:00 GMT",
     "Wed, 26 Nov 2025 09:39:00 GMT", "Wed, 99 Nov 2025 09:40:00 GMT", "7 seconds", "\u0667 s"],
)  # fmt: skip
def test_what_makes_no_sense_is_not_waited_for(said: str) -> None:
    assert retry_after_seconds({"retry-after": said}, NOW) is None


def test_who_says_nothing() -> None:
    assert retry_after_seconds({}, NOW) is None
