"""What arrives on stdout, from a process of its own: who runs tests has set up logging already."""

import json
import subprocess
import sys

import pytest

NASTY = "\x1b[31mred\x07\x08 \r\nPOST /forged 200 \x85 \u2028 \x9b2J é"


def printed(code: str, first: str = "") -> list[dict[str, object]]:
    program = f"{first}\nimport logging\nfrom webapp.observing.logs import write_json_lines\n{code}"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert run.stderr == b""
    assert all(byte == 10 or 32 <= byte < 127 for byte in run.stdout)
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture(scope="module")
def three() -> list[dict[str, object]]:
    """A request, something nasty, and an exception, as one process logs them."""
    return printed(f"""
write_json_lines('info')
logging.getLogger('webapp.observing.telemetry').info('request', extra={{'status': 200}})
logging.getLogger('webapp').info({NASTY!r}, extra={{'path': {NASTY!r}}})
try: 1 / 0
except Exception: logging.getLogger('webapp').exception('Oh')
""")


def test_a_record_is_one_line_of_json(three: list[dict[str, object]]) -> None:
    line, *_ = three
    assert line.keys() == {"event", "level", "logger", "process", "status", "timestamp"}
    assert (line["event"], line["level"], line["logger"], line["status"]) == (
        "request",
        "info",
        "webapp.observing.telemetry",
        200,
    )


def test_nothing_that_is_logged_can_forge_a_line_or_steer_a_terminal(three: list[dict[str, object]]) -> None:
    _, line, _ = three
    assert (line["event"], line["path"]) == (NASTY, NASTY)


def test_a_traceback_is_one_line_too(three: list[dict[str, object]]) -> None:
    *_, line = three
    assert str(line["exception"]).splitlines()[-1] == "ZeroDivisionError"


def test_the_level_is_the_least_that_is_written() -> None:
    code = """
log = logging.getLogger('webapp.x')
for level in ('debug', 'info', 'error'):
    write_json_lines(level)
    log.debug(f'debug in {level}')
    log.info(f'info in {level}')
"""
    written = [line["event"] for line in printed(code)]
    assert written == ["debug in debug", "info in debug", "info in info"]


def test_a_host_that_stands_in_for_stdout_gets_the_lines() -> None:
    """Vercel's runtime does, with the file's own descriptor still there to be asked for."""
    code = """
import sys

import pytest
class Stands:
    def __init__(self, stream): self.stream = stream
    def __getattr__(self, name): return getattr(self.stream, name)
    def write(self, text): self.stream.write(text.replace("once", "by way of the host"))
sys.stdout = Stands(sys.stdout)
"""
    log = "write_json_lines('info')\nlogging.getLogger('webapp').info('once')"
    assert [line["event"] for line in printed(log, first=code)] == ["by way of the host"]


def test_a_second_call_and_a_root_handler_double_nothing() -> None:
    code = "import sys\nlogging.basicConfig(stream=sys.stdout)\nfor _ in range(2): write_json_lines('info')\n"
    assert len(printed(code + "logging.getLogger('webapp').info('once')")) == 1


def test_a_greenlet_that_logs_needs_no_thread_of_its_own() -> None:
    code = """
import gevent, threading
write_json_lines('info')
kept = []
def log():
    logging.getLogger('webapp').info('logged')
    kept.append(threading.active_count())
gevent.joinall([gevent.spawn(log) for _ in range(3)])
assert kept == [1] * 3, kept
"""
    assert [line["event"] for line in printed(code, "from gevent import monkey; monkey.patch_all()")] == [
        "logged"
    ] * 3
