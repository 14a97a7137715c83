"""A cassette: one request to a real API and its answer, each piece with its time, as a JSON file. Pure."""

import base64
import binascii
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

VERSION = 1

Seconds = Annotated[float, Meta(ge=0)]


class RecordedRequest(Struct, frozen=True, omit_defaults=True):
    """What was asked: the path with its query, and the body as JSON, or as base64 if it is none."""

    method: str
    path: str
    json: Any = None
    base64: str | None = None


class Chunk(Struct, frozen=True, omit_defaults=True):
    """Bytes that came together, `at` seconds after the request; base64 if they are cut inside a character."""

    at: Seconds
    text: str | None = None
    base64: str | None = None

    @property
    def data(self) -> bytes:
        if self.base64 is not None:
            return base64.b64decode(self.base64, validate=True)
        return (self.text or "").encode()


class RecordedResponse(Struct, frozen=True, omit_defaults=True):
    """What was answered, and when: the head, the chunks, the end. A streamed body promises no length."""

    status: Annotated[int, Meta(ge=200, le=599)]
    headers: list[tuple[str, str]]
    head_at: Seconds
    chunks: list[Chunk]
    end_at: Seconds
    ending: Literal["complete", "close", "reset"] = "complete"
    length: int | None = None


class Cassette(Struct, frozen=True):
    """One exchange. Its file is meant to be read, edited and kept under version control."""

    request: RecordedRequest
    response: RecordedResponse
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)] = VERSION


_decoder = msgspec.json.Decoder(Cassette)


def request_of(method: str, path: str, body: bytes) -> RecordedRequest:
    if not body:
        return RecordedRequest(method, path)
    try:
        return RecordedRequest(method, path, json=msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return RecordedRequest(method, path, base64=base64.b64encode(body).decode())


def chunk_of(at: float, data: bytes) -> Chunk:
    try:
        return Chunk(rounded(at), text=data.decode())
    except UnicodeDecodeError:
        return Chunk(rounded(at), base64=base64.b64encode(data).decode())


def encode_cassette(cassette: Cassette) -> bytes:
    return msgspec.json.format(msgspec.json.encode(cassette), indent=1) + b"\n"


def decode_cassette(data: bytes) -> Cassette:
    """Read a file. Raises ValueError for what is no cassette."""
    cassette = _decoder.decode(data)
    try:
        for chunk in cassette.response.chunks:
            chunk.data  # noqa: B018 - read for its errors
    except binascii.Error as error:
        raise ValueError(f"response.chunks: not base64: {error}") from error
    return cassette


def rounded(seconds: float) -> float:
    """Round to what a network's timing is worth; more digits only make files hard to read."""
    return round(seconds, 4)
