import pytest

from webapp.upstream.failures.retry_after import LONGEST_SECONDS, retry_after_in, retry_after_seconds

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
        ({"retry-after": "soon", "retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "7s"}, 7.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s"}, 90.0),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "820ms"}, 0.82),
        ({"x-ratelimit-remaining-requests": "9", "x-ratelimit-reset-requests": "6m0s"}, None),
        ({"ratelimit-reset": "30"}, 30.0),
        ({"x-ratelimit-reset": str(int(NOW) + 20)}, 20.0),
        ({"x-ratelimit-reset": str((int(NOW) + 20) * 1000)}, 20.0),
        ({"x-ratelimit-reset": "1"}, 1.0),
        ({"retry-after": "Wed, 26 Nov 2025 09:40:30 GMT"}, 30.0),
        ({"retry-after": str(int(LONGEST_SECONDS))}, LONGEST_SECONDS),
    ],
)
def test_what_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers, NOW) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    "said",
    ["", "soon", "inf", "-inf", "nan", "-1", "1e400", "86401", "Thu, 26 Nov 2026 09:40:00 GMT",
     "Wed, 26 Nov 2025 09:39:00 GMT", "Wed, 99 Nov 2025 09:40:00 GMT", "7 seconds", "s", "1m30", "\u0667 s"],
)  # fmt: skip
def test_what_makes_no_sense_is_not_waited_for(said: str) -> None:
    assert retry_after_seconds({"retry-after": said}, NOW) is None


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Rate limit reached. Limit 30000. Please try again in 1m2.5s. Visit", 62.5),
        ("Please try again in 820ms.", 0.82),
        ("Please retry after 6 seconds.", 6.0),
        ("* Quota exceeded, limit: 10\nPlease retry in 17.2s.", 17.2),
        ("{'@type': 'google.rpc.RetryInfo', 'retryDelay': '17s'}", 17.0),
        ('{"retry_after": 3}', 3.0),
        ("Wait a while, then try again in a moment.", None),
        ("Please try again in 99999999s.", None),
        ("retry", None),
    ],
)
def test_what_a_sentence_asks_to_wait(words: str, seconds: float | None) -> None:
    assert retry_after_in(words) == (None if seconds is None else pytest.approx(seconds))


def test_who_says_nothing() -> None:
    assert retry_after_seconds({}, NOW) is None
