import math

import pytest

from loadtests.load.schedule.stages import Stage, duration, level, stages_of


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("20", (Stage(math.inf, 20, 20),)),
        ("0.5", (Stage(math.inf, 0.5, 0.5),)),
        ("30:1-20,60:20", (Stage(30, 1, 20), Stage(60, 20, 20))),
        ("1.5:0, 2:7.5", (Stage(1.5, 0, 0), Stage(2, 7.5, 7.5))),
    ],
)
def test_a_line_of_stages(text: str, stages: tuple[Stage, ...]) -> None:
    assert stages_of(text) == stages


@pytest.mark.parametrize("text", ["", "0", "-1", "fast", "0:5", "10:", "10:1-", "10:1,", "10:0", "1e9:2"])
def test_a_line_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        stages_of(text)


def test_the_level_over_time() -> None:
    stages = stages_of("10:0-20,5:3")
    assert [level(stages, at) for at in (0, 5, 9.5, 10, 14.9, 15)] == [0, 10, 19, 3, 3, None]
    assert level(stages_of("7"), 1e6) == 7
    assert duration(stages) == 15
