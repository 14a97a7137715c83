"""Every fault of the mock in every format: one end, the right one, and no wrong text is called whole."""

import pytest

from loadtests.proofs.faults import FAULTS, IMPATIENT, MODEL, PROMPT, expected_text
from loadtests.rig import FORMATS, Streams, complaint
from loadtests.stack import Stack
from tests.conftest import MS

PATIENCE_SECONDS = 30


@pytest.mark.thorough
def test_each_fault_has_its_end_in_every_format() -> None:
    with Stack(env=IMPATIENT) as stack, Streams(stack.port) as streams:
        answers = {}
        # Together, so that the slow ones wait for their limits together; not at once, for the sake of those limits.
        for fault in FAULTS:
            for accept in FORMATS:
                answers[fault, accept] = streams.ask(f"{MODEL}-{fault}", PROMPT, accept)
            streams.read_for(50 * MS)
        streams.read_to_end(answers.values(), PATIENCE_SECONDS)
        text = expected_text(stack)
    complaints = {asked: complaint(stream, FAULTS[asked[0]], text) for asked, stream in answers.items()}
    assert {asked: said for asked, said in complaints.items() if said} == {}
