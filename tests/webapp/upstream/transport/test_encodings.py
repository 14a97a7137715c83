import gzip
import zlib
from types import SimpleNamespace

import httpx2
import pytest

from webapp.upstream.transport import encodings
from webapp.upstream.transport.encodings import MOST_BYTES, decoded

TEXT = b"data: {}\n\n" * 500


class Pieces:
    """A body in pieces."""

    def __init__(self, data: bytes, size: int) -> None:
        self.pieces = [data[at : at + size] for at in range(0, len(data), size)]
        self.released = self.closed = False

    def read_available(self, timeout: float | None) -> bytes:
        del timeout
        return self.pieces.pop(0) if self.pieces else b""

    def release(self) -> None:
        self.released = True

    def close(self) -> None:
        self.closed = True


def read_all(body: object) -> list[bytes]:
    return list(iter(lambda: body.read_available(1.0), b""))  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("encoding", "fold"),
    [
        ("gzip", gzip.compress),
        (" GZip ", gzip.compress),
        ("identity, gzip", gzip.compress),
        ("gzip", lambda text: gzip.compress(text[:99]) + gzip.compress(text[99:])),
        ("gzip", lambda text: gzip.compress(text) + bytes(20)),
        ("gzip", lambda text: gzip.compress(text) + b"\0"),
        ("deflate", zlib.compress),
        ("deflate", lambda text: zlib.compress(text, wbits=-15)),
        ("gzip", bytes),
        ("br", bytes),
    ],
)
def test_what_nobody_asked_to_compress_is_unfolded_as_it_comes(
    encoding: str, fold: object, size: int
) -> None:
    folded = fold(TEXT)  # type: ignore[operator]
    assert b"".join(read_all(decoded(Pieces(folded, size), encoding))) == TEXT


@pytest.mark.parametrize("encoding", ["", "none", "identity", "UTF-8", "chunked"])
def test_what_stands_there_for_nothing(encoding: str) -> None:
    body = Pieces(TEXT, 100)
    assert decoded(body, encoding) is body


@pytest.mark.parametrize("encoding", ["zstd", "gzip, br"])
def test_another_encoding_is_named(encoding: str) -> None:
    with pytest.raises(httpx2.DecodingError, match=encoding):
        read_all(decoded(Pieces(gzip.compress(TEXT), 100), encoding))
    with pytest.raises(httpx2.DecodingError, match=encoding):
        read_all(decoded(Pieces(b"\x0b\x02", 1), encoding))


def test_a_bomb_unfolds_a_piece_at_a_time() -> None:
    body = decoded(Pieces(gzip.compress(bytes(5_000_000)), 100_000), "gzip")
    reads = read_all(body)
    assert sum(map(len, reads)) == 5_000_000
    assert max(map(len, reads)) <= MOST_BYTES


def test_an_end_before_the_end_is_no_end() -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        read_all(decoded(Pieces(gzip.compress(TEXT)[:-12], 100), "gzip"))
    with pytest.raises(httpx2.RemoteProtocolError):
        read_all(decoded(Pieces(gzip.compress(TEXT)[:5], 100), "gzip"))


def test_a_short_body_that_is_not_compressed_at_all() -> None:
    assert read_all(decoded(Pieces(b"data: 1", 1), "gzip")) == [b"data: 1"]


def test_what_is_neither_compressed_nor_an_answer() -> None:
    with pytest.raises(httpx2.DecodingError):
        read_all(decoded(Pieces(b"Internal Server Error", 100), "gzip"))


def test_between_two_parts_of_what_unfolds_to_much_others_have_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns: list[float] = []
    monkeypatch.setattr(encodings, "time", SimpleNamespace(sleep=turns.append))
    parts = read_all(decoded(Pieces(gzip.compress(b"x" * 10 * MOST_BYTES), 10**9), "gzip"))
    assert [len(part) for part in parts] == [MOST_BYTES] * 10
    assert len(turns) >= 9
