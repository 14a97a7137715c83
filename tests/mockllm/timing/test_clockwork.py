import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# gevent's loop is the process's own, so it gets one.
START = """
import time
import gevent
from mockllm.timing.clockwork import Clockwork
"""
FAILING = """

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
LATE = """
class Task:
    served = 0
    def serve(self):
        self.served += 1
        return None
    def fail(self, error):
        raise error

clockwork, due, later = Clockwork(), Task(), Task()
clockwork.add(time.monotonic() + 0.01, due)
clockwork.add(time.monotonic() + 60, later)
clockwork.catch_up()
early = due.served
time.sleep(0.02)
clockwork.catch_up()
clockwork.catch_up()
print(early, due.served, later.served)
clockwork.add(time.monotonic() + 0.01, due)
gevent.sleep(0.2)
print(due.served)
"""


def test_not_even_a_task_that_fails_at_failing_stops_the_others() -> None:
    ran = run(FAILING)
    assert ran.stdout == "2 5\n"
    assert "on purpose" in ran.stderr


def test_what_is_due_is_served_in_the_midst_of_a_request() -> None:
    """Without a turn of the loop, which comes when all requests that came together are worked off."""
    assert run(LATE).stdout == "0 1 0\n2\n"


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START + program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
