import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# gevent's loop is the process's own, so it gets one.
PROGRAM = """
import time
import gevent
from mockllm.timing.clockwork import Clockwork

class Task:
    def __init__(self, breaks):
        self.breaks, self.served = breaks, 0
    def serve(self):
        self.served += 1
        if self.breaks:
            raise ValueError("on purpose")
        return time.monotonic() + 0.001 if self.served < 5 else None
    def fail(self, error):
        raise error

clockwork, broken, good = Clockwork(), Task(True), Task(False)
now = time.monotonic()
for task in (broken, good, Task(True), broken):
    clockwork.add(now + 0.01, task)
gevent.sleep(0.5)
print(broken.served, good.served)
"""


def test_not_even_a_task_that_fails_at_failing_stops_the_others() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert ran.stdout == "2 5\n"
    assert "on purpose" in ran.stderr
