"""What processes have cost, the living and the dead."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from loadtests.measuring.procfs import cpu_seconds, memory_bytes, tree

BUSY = "import time\nwhile time.process_time() < 0.2: pass\n"


def test_a_child_counts_while_it_lives_and_after() -> None:
    before = cpu_seconds(os.getpid())
    with subprocess.Popen([sys.executable, "-c", BUSY + "input()"], stdin=subprocess.PIPE) as child:
        while cpu_seconds(child.pid) < 0.2:
            time.sleep(0.01)
        assert child.pid in tree(os.getpid())
        assert cpu_seconds(os.getpid()) - before >= 0.2
        assert memory_bytes(child.pid) > 1_000_000
        child.communicate(b"\n")

    assert child.pid not in tree(os.getpid())
    assert cpu_seconds(os.getpid()) - before >= 0.19


def test_a_process_that_is_gone_has_cost_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    assert (tree(gone.pid), cpu_seconds(gone.pid), memory_bytes(gone.pid)) == ([gone.pid], 0.0, 0)
