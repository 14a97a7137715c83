"""What is no chunk. A message holds no text of the answer."""

from __future__ import annotations


class ChunkError(Exception):
    """What the upstream sent cannot be, or is not, a chunk."""


class MalformedChunkError(ChunkError):
    """The data of an event is not the JSON of a chat completion chunk, or there is no event at all."""


class EmptyAnswerError(MalformedChunkError):
    """The answer ended before its first event."""


class LineTooLongError(ChunkError):
    """A line, the data lines of one event together, or a whole answer are longer than what is read."""


class NotAnApiError(ChunkError):
    """A page for people, where an API should be."""


class UpstreamReportedError(ChunkError):
    """The upstream answered 200 and then reported an error; for the log and for mapping."""

    def __init__(self, message: str = "", code: str | None = None, type_: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        """The upstream's own sentence: read to classify it, never shown and never logged."""
        self.code = code
        self.type = type_
