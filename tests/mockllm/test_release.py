"""The workflow that publishes: what it may do, and its own check, run as a runner runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockllm import __version__

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "release-mockllm.yml"
TEXT = WORKFLOW.read_text("utf-8")
JOBS: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["jobs"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "mockllm").mkdir()
    (tmp_path / "mockllm" / "__init__.py").write_bytes((ROOT / "mockllm" / "__init__.py").read_bytes())
    # `python3` is what the workflow set up.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    return tmp_path


def check(checkout: Path, tag: str, changelog: str) -> subprocess.CompletedProcess[str]:
    (checkout / "mockllm" / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}\n\n- Something.\n")
    (step,) = [step["run"] for step in JOBS["build"]["steps"] if "version" in step.get("name", "")]
    environ = {
        "PATH": f"{checkout / 'bin'}:{os.environ['PATH']}",
        "GITHUB_REF_NAME": tag,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step]
    return subprocess.run(
        command, cwd=checkout, env=environ, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_tag_that_is_the_version_and_is_told_of_goes_on(checkout: Path) -> None:
    done = check(checkout, f"mockllm-v{__version__}", f"## {__version__}, 2026-12-01")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("tag", "changelog", "told"),
    [
        ("mockllm-v99.0.0", f"## {__version__}, 2026-12-01", "the tag is mockllm-v99.0.0, and the version"),
        (f"mockllm-v{__version__}", f"## {__version__}, not released", "has no heading"),
        (f"mockllm-v{__version__}", "## 99.0.0, 2026-12-01", "has no heading"),
    ],
)
def test_any_other_stops_it(checkout: Path, tag: str, changelog: str, told: str) -> None:
    done = check(checkout, tag, changelog)
    assert done.returncode == 1
    assert told in done.stdout


def test_only_the_last_job_may_publish_and_it_runs_nothing_of_ours() -> None:
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert {name for name, job in JOBS.items() if "permissions" in job} == {"publish"}
    assert JOBS["publish"]["permissions"] == {"id-token": "write"}
    assert JOBS["publish"]["needs"] == "build"
    assert not any("run" in step or "checkout" in step["uses"] for step in JOBS["publish"]["steps"])


def test_it_holds_no_secret() -> None:
    assert not re.search(r"secrets\.|password:|(?<!id-)token:|api[-_]key", TEXT)


def test_the_changelog_tells_of_the_version() -> None:
    headings = re.findall(
        r"^## (\S+), ", (ROOT / "mockllm" / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert headings[0] == __version__
