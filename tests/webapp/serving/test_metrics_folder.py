import subprocess
import sys
from pathlib import Path

from webapp.serving import metrics_folder

KILLED = """
import os, signal, sys
from webapp.serving import metrics_folder
print(metrics_folder.make(sys.argv[1]), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = metrics_folder.make(str(tmp_path))
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    in_use = metrics_folder.make(str(tmp_path))
    run = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, text=True, timeout=60)
    abandoned = Path(run.stdout.strip())
    in_the_making = tmp_path / "first-token-metrics-x"
    in_the_making.mkdir()
    (somebody_elses := tmp_path / "other").mkdir()
    assert abandoned.is_dir()
    mine = metrics_folder.make(str(tmp_path))
    assert set(tmp_path.iterdir()) == {in_use, in_the_making, somebody_elses, mine}


def test_a_dead_worker_loses_its_live_gauges_only(tmp_path: Path) -> None:
    for name in ("gauge_livesum_7.db", "gauge_livesum_77.db", "counter_7.db", "histogram_7.db"):
        (tmp_path / name).touch()
    metrics_folder.forget_open(tmp_path, 7)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "counter_7.db",
        "gauge_livesum_77.db",
        "histogram_7.db",
    ]


def test_a_folder_that_is_gone_can_be_removed_again(tmp_path: Path) -> None:
    metrics_folder.remove(tmp_path / "gone")
