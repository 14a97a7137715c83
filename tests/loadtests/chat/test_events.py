from collections.abc import Callable, Iterable

import pytest

from loadtests.chat.events import Splitter, objects, payloads
from loadtests.chat.timing import BadAnswerError

CUTS: dict[str, Callable[[bytes], Iterable[bytes]]] = {
    "whole": lambda data: [data],
    "byte by byte": lambda data: (data[at : at + 1] for at in range(len(data))),
    "in halves": lambda data: (data[: len(data) // 2], data[len(data) // 2 :]),
    "with empty blocks": lambda data: (
        block for at in range(len(data)) for block in (b"", data[at : at + 1], b"")
    ),
}


@pytest.fixture(params=CUTS.values(), ids=CUTS.keys())
def cut(request: pytest.FixtureRequest) -> Callable[[bytes], Iterable[bytes]]:
    return request.param


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"a", []),
        (b"a\n", [b"a"]),
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\rb\r", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"a\r\n\r\nb\n\nc\r\rd\n", [b"a", b"", b"b", b"", b"c", b"", b"d"]),
        (b"\n\r\n\r\n", [b"", b"", b""]),
        (b"a\n\rb\n", [b"a", b"", b"b"]),
        ("a\u2028b\x85c\x0bd\x0ce\x1cf\n".encode(), ["a\u2028b\x85c\x0bd\x0ce\x1cf".encode()]),
    ],
)
def test_lines_end_at_cr_lf_and_crlf_only(
    cut: Callable[..., Iterable[bytes]], data: bytes, expected: list[bytes]
) -> None:
    splitter = Splitter()
    assert [line for block in cut(data) for line in splitter.lines(block)] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'data: {"a":1}\n\n', [b' {"a":1}']),
        (b"data:x\n\ndata:y\n\n", [b"x", b"y"]),
        (b"data:x\r\rdata:y\r\n\r\n", [b"x", b"y"]),
        (b": hb\n: hb\ndata:x\n: hb\n\n", [b"x"]),
        (b"id: 7\nevent: text\nretry: 1\ndata:x\n\n", [b"x"]),
        (b"\n\n\ndata:x\n\n\n\n", [b"x"]),
        (b"id: 7\n\n", []),
        (b"database: x\n\n", []),
        (b"data:x\n", []),
        (b"data:x\n\ndata:cut", [b"x"]),
        (b"data:x\n\ndata:{}\n", [b"x"]),
    ],
)
def test_a_blank_line_completes_an_event(
    cut: Callable[..., Iterable[bytes]], data: bytes, expected: list[bytes]
) -> None:
    assert list(payloads(cut(data))) == expected


def test_an_event_is_there_as_soon_as_its_blank_line_is() -> None:
    asked: list[bytes] = []

    def blocks() -> Iterable[bytes]:
        for block in (b"data:x\n", b"\n", b"data:y\n\n"):
            asked.append(block)
            yield block

    assert next(iter(payloads(blocks()))) == b"x"
    assert asked == [b"data:x\n", b"\n"]


def test_objects_keep_every_character(cut: Callable[..., Iterable[bytes]]) -> None:
    text = "\u2028 \u2029 \x85 👩‍👩‍👧‍👦 é e\u0301 \\u0000 \n\r\t  "
    data = 'data: {"type":"delta","text":"\u2028 \u2029 \x85 👩‍👩‍👧‍👦 é e\u0301 \\\\u0000 \\n\\r\\t  "}\n\n'.encode()
    assert list(objects(cut(data))) == [{"type": "delta", "text": text}]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"data: {}\ndata: {}\n\n", "malformed: two data lines in one event"),
        (b"data: {\n\n", "malformed: not the JSON of the interface"),
        (b"data: [DONE]\n\n", "malformed: not the JSON of the interface"),
        (b"data: []\n\n", "malformed: not the JSON of the interface"),
        (b"data:\n\n", "malformed: not the JSON of the interface"),
        (b'data: {"text":"\xff"}\n\n', "malformed: not the JSON of the interface"),
    ],
)
def test_what_is_no_object_is_malformed(
    cut: Callable[..., Iterable[bytes]], data: bytes, complaint: str
) -> None:
    with pytest.raises(BadAnswerError, match=complaint):
        list(objects(cut(data)))
