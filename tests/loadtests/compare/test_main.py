"""`python -m loadtests.compare` as a process, with a model that is done sooner than the founding one."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadtests.chat import BadAnswerError, Client
from loadtests.compare.__main__ import one_text, read_slowly
from loadtests.compare.founding import ARMS, Sample
from loadtests.rig import ROOT
from loadtests.rig.scripted import ScriptedUpstream, Step, Talk, whole
from loadtests.stack import Stack

MODEL = "mock-ttft100-itl10-tokens50"


@pytest.mark.thorough
def test_the_command_measures_every_way_of_asking(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "loadtests.compare",
            "--rounds",
            "1",
            "--model",
            MODEL,
            "--slow-seconds",
            "3",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    found = json.loads((tmp_path / "reports" / "compare.json").read_text())
    assert done.returncode == (0 if all(check["holds"] for check in found["checks"]) else 1)
    assert (
        f"{'Holds' if found['checks'][0]['holds'] else 'Failed'}: {found['checks'][0]['claim']}"
        in done.stdout
    )
    samples = {(sample["mode"], sample["target"]): sample for sample in found["samples"]}
    assert len(samples) == len(found["samples"]) == 4
    for (mode, _), sample in samples.items():
        assert sample["total_seconds"] >= 0.1 + 49 * 0.01
        assert 0.1 <= sample["first_text_seconds"] <= sample["total_seconds"]
        assert (sample["texts"] == 1) == (mode == "blocking")
    # On a busy machine several tokens come in one event, each of which is paused after once.
    assert found["slow_reader"]["total_seconds"] > 2 > found["slow_reader"]["app_total_seconds"]


def test_different_texts_are_no_comparison() -> None:
    def script(request: Talk) -> list[Step]:
        # Blocking only, and not what the mock says.
        text = "app" if request.path == "/chat" else "mock"
        return [whole({"text": text, "choices": [{"message": {"content": text}, "finish_reason": "stop"}]})]

    blocking = [arm for arm in ARMS if arm.mode == "blocking"]
    with ScriptedUpstream(script) as server, Client(server.origin) as client:
        with pytest.raises(BadAnswerError, match="the same question got different texts"):
            one_text(dict.fromkeys(blocking, client), MODEL)
        assert one_text({blocking[0]: client}, MODEL) == "mock"


class Clock:
    """Goes on by itself and, at once, by what somebody sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0

    def perf_counter(self) -> float:
        return time.perf_counter() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@pytest.mark.timed
def test_a_slow_reader_waits_longer_than_the_app_sends(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtests.compare.founding.time", Clock())
    streamed = Sample("app", "streaming", 0.0, 0.0, texts=3, bytes=None, segments=None, cpu_seconds={})
    with Client(stack.url) as client:
        text = one_text({ARMS[-1]: client}, "mock-tokens3")
        slow = read_slowly(client, "mock-tokens3-ttft0-itl0", text, [streamed], 300)
    assert slow.pause_seconds == pytest.approx(100)
    assert slow.total_seconds > 200 > slow.app_total_seconds
