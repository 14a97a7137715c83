import pytest

from mockllm.journal.cassettes.cassette import Cassette, Chunk, RecordedRequest, RecordedResponse
from mockllm.journal.cassettes.playing import reply_of
from mockllm.values.reply import Reply, Send

STREAMED = Cassette(
    RecordedRequest("POST", "/v1/x"),
    RecordedResponse(200, [("Content-Type", "x")], 0.5, [Chunk(1, text="a"), Chunk(2, text="b")], 3, "reset"),
)


@pytest.mark.parametrize(("speed", "unit"), [(1, 1), (2, 0.5), (0, 0)])
def test_each_piece_at_its_time(speed: float, unit: float) -> None:
    assert reply_of(STREAMED, speed) == Reply(
        200,
        (("Content-Type", "x"),),
        [Send(unit, b"a", 0), Send(2 * unit, b"b", 1)],
        head_due=0.5 * unit,
        end_due=3 * unit,
        ending="reset",
    )


def test_a_promised_length_is_promised_again_even_if_it_was_not_kept() -> None:
    response = RecordedResponse(200, [], 0, [Chunk(0, text="a")], 0, "close", length=10)
    assert reply_of(Cassette(RecordedRequest("GET", "/v1/x"), response)).length == 10
