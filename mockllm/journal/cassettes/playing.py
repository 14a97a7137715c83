"""A cassette to the reply that plays it, at the speed it was recorded or another. Pure."""

from mockllm.journal.cassettes.cassette import Cassette
from mockllm.values import Reply, Send


def reply_of(cassette: Cassette, speed: float = 1.0) -> Reply:
    """Plan a reply with the bytes of the recording, each piece at its time; speed 0 waits not at all.

    A recorded chunk counts as a token, so that the server measures how late it is.
    """
    response = cassette.response
    scale = 1 / speed if speed else 0.0
    sends = [Send(chunk.at * scale, chunk.data, index) for index, chunk in enumerate(response.chunks)]
    return Reply(
        response.status,
        tuple(response.headers),
        sends,
        length=response.length,
        head_due=response.head_at * scale,
        end_due=response.end_at * scale,
        ending=response.ending,
    )
