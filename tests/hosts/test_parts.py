import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.parts import MissingPartError, python_of, run
from tests.hosts.sources import ROOT

TOO_LONG = """
from tests.hosts.parts import ends_within, run
ends_within(1)
try:
    run("sleep", "60")
finally:
    print("cleaned up")
"""


def test_what_takes_too_long_ends_in_good_order() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TOO_LONG], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "cleaned up\n", "not done after 1 s\n")


def test_a_part_that_cannot_be_had_says_what_was_tried(tmp_path: Path) -> None:
    with pytest.raises(MissingPartError, match=r"^ls /no/such/part: .*No such file"):
        run("ls", "/no/such/part", cwd=tmp_path)


def test_the_python_of_this_process_is_taken_first() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert python_of(version).parent.parent == Path(sys.base_prefix)
