import pytest

from loadtests.capacity.levels.crowd import Crowd, said


@pytest.mark.parametrize(
    ("others", "idle", "disturbs"),
    [(0.3, 0.0, True), (0.3, 0.5, False), (0.1, 0.0, False), (-0.01, 0.1, False)],
)
def test_others_disturb_where_no_core_is_idle(others: float, idle: float, disturbs: bool) -> None:
    assert bool(said(others, idle)) == disturbs


def test_what_is_said_names_the_shares() -> None:
    assert said(0.3, 0.02) == ("other processes took 30% of the machine, limit 10%, with 2% idle",)


def test_a_moment_is_no_crowd_of_its_own() -> None:
    assert len(Crowd().disturbances()) <= 1
