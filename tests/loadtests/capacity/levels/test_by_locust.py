from pathlib import Path

import pytest

from loadtests.capacity.levels.by_locust import ByLocust
from loadtests.rig import ROOT
from loadtests.stack import Target


@pytest.mark.parametrize(("rate", "seconds"), [(100, 6), (10, 9.36), (0.1, 120)])
def test_a_run_is_long_enough_for_its_limits_and_not_for_ever(rate: float, seconds: float) -> None:
    asking = ByLocust(
        target=Target("http://127.0.0.1:1", None, is_ours=False),
        limits=ROOT / "loadtests" / "capacity" / "locust.toml",
        folder=Path(),
        seconds=6,
        warm_up_seconds=2.5,
        seed=1,
        processes=1,
        model=None,
        locust_options=(),
    )
    assert asking._seconds(rate) == pytest.approx(seconds)
