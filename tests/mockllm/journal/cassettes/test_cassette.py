import pytest

from mockllm.journal.cassettes.cassette import (
    Cassette,
    Chunk,
    RecordedRequest,
    RecordedResponse,
    chunk_of,
    decode_cassette,
    encode_cassette,
    request_of,
)

CASSETTE = Cassette(
    RecordedRequest("POST", "/v1/chat/completions", json={"model": "m", "stream": True}),
    RecordedResponse(
        200,
        [("Content-Type", "text/event-stream")],
        head_at=0.25,
        chunks=[Chunk(0.3, text='data: {"é":1}\n\n'), Chunk(0.4, base64="w6k=")],
        end_at=0.4,
    ),
)


def test_what_is_written_is_read() -> None:
    assert decode_cassette(encode_cassette(CASSETTE)) == CASSETTE


def test_the_file_is_for_people_too() -> None:
    text = encode_cassette(CASSETTE).decode()
    assert '"text": "data: {\\"é\\":1}\\n\\n"' in text
    assert '"model": "m"' in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "truncated"),
        (b"[]", "Expected `object`"),
        (b"{}", "missing required field `request`"),
        (encode_cassette(CASSETTE).replace(b'"version": 1', b'"version": 2'), r"<= 1.*version"),
        (encode_cassette(CASSETTE).replace(b"w6k=", b"w6k"), "not base64"),
        (encode_cassette(CASSETTE).replace(b'"at": 0.3', b'"at": -0.3'), r">= 0.*chunks"),
    ],
)
def test_what_is_no_cassette(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode_cassette(data)


def test_bodies_of_requests() -> None:
    assert request_of("GET", "/v1/models", b"") == RecordedRequest("GET", "/v1/models")
    assert request_of("POST", "/v1/x", b'{"a": 1}') == RecordedRequest("POST", "/v1/x", json={"a": 1})
    assert request_of("POST", "/v1/x", b"\xff") == RecordedRequest("POST", "/v1/x", base64="/w==")


def test_a_chunk_that_is_cut_inside_a_character_keeps_its_bytes() -> None:
    assert chunk_of(0.123456, "é".encode()) == Chunk(0.1235, text="é")
    assert chunk_of(1, b"\xc3") == Chunk(1, base64="ww==")
    assert chunk_of(1, b"\xc3").data == b"\xc3"
