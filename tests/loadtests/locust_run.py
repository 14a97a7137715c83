"""Runs the locustfile as a process: Locust patches whatever imports it, so no test does."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from loadtests.load.report import NOTHING, Report, read
from loadtests.rig import ROOT, free_port
from loadtests.stack import LOCUSTFILE


def two_processes() -> tuple[str, ...]:
    """Options for two load generators that meet where no other test's do."""
    port = str(free_port())
    return ("--processes", "2", "--master-port", port, "--master-bind-port", port)


@dataclass(frozen=True)
class Run:
    exit_code: int
    output: str
    report: Report
    html: str


def locust(folder: Path, host: str, *options: str, seconds: int = 2) -> Run:
    """A headless run of a few seconds, from the repository's root as its manual says."""
    report, html = folder / "report.json", folder / "report.html"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary"),
            *("--host", host, "--run-time", str(seconds), "--stop-timeout", "20"),
            *("--report-json", str(report), "--html", str(html), *options),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Run(
        exit_code=done.returncode,
        output=done.stdout + done.stderr,
        report=read(report) if report.exists() else NOTHING,
        html=html.read_text() if html.exists() else "",
    )
