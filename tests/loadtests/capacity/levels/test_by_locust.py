from pathlib import Path

import pytest

from loadtests.capacity.levels import by_locust
from loadtests.capacity.levels.by_locust import ByLocust, NothingAskedError
from loadtests.rig import ROOT
from loadtests.stack import Target


@pytest.mark.parametrize(("rate", "seconds"), [(100, 6), (10, 9.36), (0.1, 120)])
def test_a_run_is_long_enough_for_its_limits_and_not_for_ever(rate: float, seconds: float) -> None:
    assert asking_into(Path())._seconds(rate) == pytest.approx(seconds)


def test_a_run_that_was_not_is_not_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rate-01-20.json").write_text("of a run of yesterday")
    monkeypatch.setattr(by_locust, "run_locust", lambda _options, _chosen, log, _watch: log.write_text("no"))
    with pytest.raises(NothingAskedError, match="no"):
        asking_into(tmp_path).at_rate(20)


def asking_into(folder: Path) -> ByLocust:
    return ByLocust(
        target=Target("http://127.0.0.1:1", None, is_ours=False),
        limits=ROOT / "loadtests" / "capacity" / "locust.toml",
        folder=folder,
        seconds=6,
        warm_up_seconds=2.5,
        seed=1,
        processes=1,
        model=None,
        locust_options=(),
    )
