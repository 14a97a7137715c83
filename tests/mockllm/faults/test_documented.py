"""The table of faults in the manual says what the table in the code says."""

import re
from pathlib import Path

from mockllm.faults import FAULTS

MANUAL = Path(__file__).parents[3] / "docs" / "mockllm-faults.md"
ROW = re.compile(r"^\| `(\w+)` \| (none|token|byte|) ?\| ([^|]*?) ?\| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def test_every_fault_with_its_place_and_whether_it_takes_an_amount() -> None:
    told = {
        name: (place or "none", bool(amount))
        for name, place, amount in ROW.findall(MANUAL.read_text("utf-8"))
    }
    assert told == {name: (kind.place, kind.amount is not None) for name, kind in FAULTS.items()}
