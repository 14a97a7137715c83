from tests.webapp.token_steps import MOST_MICROSECONDS, cost, steps, verdict


def test_every_step_runs_and_costs_something() -> None:
    found = {name: cost(step, 50) for name, step in steps()}
    assert len(found) == 4
    assert all(0 < seconds < 0.01 for seconds in found.values())


def test_each_step_does_what_the_next_takes() -> None:
    done = {name: step() for name, step in steps()}
    (chunk,) = done["bytes to chunk"]  # type: ignore[misc]
    assert chunk.text == " quantum"
    assert done["delta to bytes"] == b'data: {"type":"delta","text":" quantum"}\n\n'


def test_a_step_that_costs_too_much_is_a_failure() -> None:
    assert verdict([1.0, 2.0])[1] == 0
    said, code = verdict([1.0, MOST_MICROSECONDS])
    assert (code, said.endswith("MISSED")) == (1, True)
