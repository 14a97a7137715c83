import pytest

from mockllm.journal.store import Store
from mockllm.serving.quota import Quota, written
from mockllm.values.errors import ApiError


def test_without_limits_nothing_is_counted() -> None:
    assert Quota(Store(), 0, 0).take("key", 10**9, 0.0) == ()


def test_what_is_left_is_told_in_headers() -> None:
    quota = Quota(Store(), 60, 6000)
    assert dict(quota.take("key", 1500, now=100.0)) == {
        "X-RateLimit-Limit-Requests": "60",
        "X-RateLimit-Remaining-Requests": "59",
        "X-RateLimit-Reset-Requests": "1s",
        "X-RateLimit-Limit-Tokens": "6000",
        "X-RateLimit-Remaining-Tokens": "4500",
        "X-RateLimit-Reset-Tokens": "15s",
    }


def test_too_many_requests_are_refused_until_enough_is_refilled() -> None:
    quota = Quota(Store(), 2, 0)
    for _ in range(2):
        quota.take("key", 5, now=100.0)
    with pytest.raises(ApiError) as caught:
        quota.take("key", 5, now=110.0)
    headers = dict(caught.value.headers)
    assert (caught.value.status, caught.value.kind, headers["Retry-After"]) == (429, "requests", "20")
    assert headers["Retry-After-Ms"] == "20000"
    assert headers["X-RateLimit-Remaining-Requests"] == "0"
    quota.take("key", 5, now=130.0)


def test_too_many_tokens_are_refused_and_cost_nothing() -> None:
    quota = Quota(Store(), 0, 600)
    quota.take("key", 500, now=0.0)
    for _ in range(3):
        with pytest.raises(ApiError, match=r"Limit 600, Used 500, Requested 200\. Please try again in 10s"):
            quota.take("key", 200, now=0.0)
    quota.take("key", 100, now=0.0)


def test_what_can_never_be_granted_says_so() -> None:
    with pytest.raises(ApiError, match="Request too large") as caught:
        Quota(Store(), 0, 600).take("key", 601, now=0.0)
    assert "Retry-After" not in dict(caught.value.headers)


def test_each_key_has_its_own_and_a_reset_fills_all() -> None:
    quota = Quota(Store(), 1, 0)
    quota.take("one", 1, now=0.0)
    quota.take("two", 1, now=0.0)
    quota.clear()
    quota.take("one", 1, now=0.0)


def test_stores_of_one_file_share_the_count(tmp_path: object) -> None:
    path = f"{tmp_path}/state"
    Quota(Store(path), 1, 0).take("key", 1, now=0.0)
    with pytest.raises(ApiError):
        Quota(Store(path), 1, 0).take("key", 1, now=0.0)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0ms"), (0.006, "6ms"), (1, "1s"), (8.64, "8.64s"), (179.56, "2m59.56s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert written(seconds) == text


def test_one_that_came_earlier_and_asks_later_does_not_turn_time_back() -> None:
    quota = Quota(Store(), 10, 0)
    for _ in range(10):
        quota.take("key", 1, now=100.0)
    with pytest.raises(ApiError) as caught:
        quota.take("key", 1, now=99.0)
    assert ("Retry-After-Ms", "6000") in caught.value.headers
    quota.take("key", 1, now=106.0)
    with pytest.raises(ApiError):
        quota.take("key", 1, now=111.0)
