from click.testing import CliRunner

from loadtests.bench.floor.__main__ import RUNS, main


def test_the_help_names_every_run() -> None:
    done = CliRunner().invoke(main, ["--help"], terminal_width=80)
    assert done.exit_code == 0
    assert f"[{'|'.join(RUNS)}]..." in done.output.replace("\n", "")


def test_a_run_that_is_not_there() -> None:
    done = CliRunner().invoke(main, ["speed"])
    assert done.exit_code == 2
    assert "'speed' is not one of 'shares', 'throughput', 'schedule', 'spread'" in done.output
