"""The bytes of an upstream's answer, in whatever dialect of the API, to chunks."""

from webapp.upstream.decoding.chunk import Chunk
from webapp.upstream.decoding.decoder import ChunkDecoder
from webapp.upstream.decoding.errors import (
    ChunkError,
    EmptyAnswerError,
    NotAnApiError,
    UpstreamReportedError,
)
from webapp.upstream.decoding.events import parts
from webapp.upstream.decoding.fields import error_in, reported_error
from webapp.upstream.decoding.think_tags import ThinkTagSplitter

__all__ = [
    "Chunk",
    "ChunkDecoder",
    "ChunkError",
    "EmptyAnswerError",
    "NotAnApiError",
    "ThinkTagSplitter",
    "UpstreamReportedError",
    "error_in",
    "parts",
    "reported_error",
]
