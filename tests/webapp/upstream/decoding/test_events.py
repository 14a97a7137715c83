"""Where a long read is cut. What events are is held by test_decoder and the dialects."""

import pytest

from webapp.upstream.decoding import parts


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (b"data: {}\n\n" * 1000, b"data: {}\n\n" * 204),
        (b"{}\n" * 4000, b"{}\n" * 682),
        (b"x" * 5000 + b"\n" + b"y" * 5000, b"x" * 5000 + b"\n"),
        (b"x" * 5000, b"x" * 5000),
        (b"x" * 3000 + b"\n\n", b"x" * 3000 + b"\n"),
    ],
    ids=["events", "lines", "long lines", "one line", "between the two ends of an event"],
)
def test_a_long_read_is_cut_where_events_or_lines_end(data: bytes, first: bytes) -> None:
    cut = list(parts(data, 2048))
    assert b"".join(cut) == data
    assert cut[0] == first
