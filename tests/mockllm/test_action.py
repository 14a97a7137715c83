"""The step for GitHub Actions: its scripts run here as a runner runs them, with what a workflow gives it."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mockllm"
ACTION: dict[str, Any] = yaml.safe_load((PACKAGE / "action.yml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}


class Runner:
    """What a runner has: a directory for its files, and those into which steps write."""

    def __init__(self, temp: Path) -> None:
        self.temp = temp
        self.outputs, self.environment = temp / "output", temp / "env"

    def run(self, step: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Run a step with these inputs; the others have their defaults."""
        inputs = {name: str(each["default"]) for name, each in ACTION["inputs"].items()} | given
        known = {f"inputs.{name}": value for name, value in inputs.items()}
        known["github.action_path"] = str(PACKAGE)
        own = {name: filled(value, known) for name, value in STEPS[step]["env"].items()}
        files = {"RUNNER_TEMP": self.temp, "GITHUB_OUTPUT": self.outputs, "GITHUB_ENV": self.environment}
        environ = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]]
        return subprocess.run(
            command, env={**environ, **own, **{name: str(path) for name, path in files.items()}},
            capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip

    def told(self, path: Path) -> dict[str, str]:
        return dict(line.split("=", 1) for line in path.read_text().splitlines())


def filled(value: str, known: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: known[match[1]], value)


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    running = Runner(tmp_path)
    yield running
    if running.outputs.exists():
        with suppress(ProcessLookupError):
            os.kill(int(running.told(running.outputs)["pid"]), signal.SIGTERM)


@pytest.fixture
def installed(runner: Runner) -> Runner:
    """The package as if the first step had installed it."""
    program = runner.temp / "mockllm" / "bin" / "mockllm"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m mockllm "$@"\n')
    program.chmod(0o755)
    return runner


def get(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as response:
        return str(response.read().decode())


def answers(runner: Runner) -> None:
    found, told = runner.told(runner.environment), runner.told(runner.outputs)
    assert told["base-url"] == found["OPENAI_BASE_URL"] == f"{told['url']}/v1"
    assert found["ANTHROPIC_BASE_URL"] == found["MOCKLLM_URL"] == told["url"]
    assert '"mock-instant"' in get(f"{found['OPENAI_BASE_URL']}/models")
    assert "GET /v1/models" in Path(told["log"]).read_text()


def test_the_steps_that_follow_find_the_server(installed: Runner) -> None:
    done = installed.run("Start", options="--profile instant --seed 7")
    assert done.returncode == 0, done.stderr
    answers(installed)


def test_a_server_that_does_not_start_fails_the_step_with_its_reason(installed: Runner) -> None:
    # What is given is no script, either.
    owned = installed.temp / "owned"
    done = installed.run("Start", options=f"--profile nonsense;touch$IFS{owned}$(touch$IFS{owned})")
    assert done.returncode == 1
    assert re.search(
        r"^::error title=mockllm did not start::mockllm: \S+: expected one of", done.stdout, re.MULTILINE
    )
    assert not installed.outputs.exists()
    assert not owned.exists()


def test_all_outputs_are_told_and_all_inputs_used() -> None:
    start = STEPS["Start"]["run"]
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.start.outputs.{name} }}}}"
        assert f"{name}=%s" in start
    values = " ".join(value for step in STEPS.values() for value in step["env"].values())
    assert set(re.findall(r"inputs\.([\w-]+)", values)) == set(ACTION["inputs"])


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_it_installs_what_it_starts(runner: Runner) -> None:
    for step in STEPS:
        done = runner.run(step, python=sys.executable)
        assert done.returncode == 0, done.stdout + done.stderr
    answers(runner)
