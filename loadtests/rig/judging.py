"""What is wrong with an answer that has been read to its end, or as far as it came."""

from __future__ import annotations

from dataclasses import dataclass

from loadtests.chat import BadAnswerError
from loadtests.rig.streams import JSON, TEXT, Stream, terminals


@dataclass(frozen=True)
class Expected:
    """How an answer must end: with this finish_reason, or with this code, and before the first byte so."""

    finish_reason: str = ""
    code: str = ""
    status: int = 200


WHOLE = Expected("stop")


def complaint(stream: Stream, expected: Expected, text: str) -> str:
    """What is wrong with an answer, if anything."""
    try:
        if not stream.ended_at:
            return "hangs"
        if stream.accept == JSON:
            return _complaint_of_object(stream, expected, text)
        if stream.accept == TEXT:
            return _complaint_of_text(stream, expected, text)
        return _complaint_of_stream(stream, expected, text)
    except BadAnswerError as error:
        return str(error)


def _complaint_of_stream(stream: Stream, expected: Expected, text: str) -> str:
    ends = terminals(stream)
    if stream.status != 200 or not stream.whole or len(ends) != 1:
        return f"status {stream.status}, {'whole' if stream.whole else 'cut'}, {len(ends)} terminal objects"
    came = ends[0].get("finish_reason") or ends[0].get("code")
    if came != (expected.finish_reason or expected.code):
        return f"ended with {came}"
    return _complaint_about(stream.text(), expected, text)


def _complaint_of_text(stream: Stream, expected: Expected, text: str) -> str:
    if stream.status != 200 or stream.whole == bool(expected.code):
        return f"status {stream.status}, {'whole' if stream.whole else 'cut'}"
    return _complaint_about(stream.text(), expected, text)


def _complaint_of_object(stream: Stream, expected: Expected, text: str) -> str:
    if len(found := stream.objects()) != 1:
        return f"status {stream.status} with {len(found)} objects"
    (answer,) = found
    error = answer.get("error")
    came = str(error.get("code") if isinstance(error, dict) else answer.get("finish_reason"))
    if not stream.whole or stream.status != expected.status:
        return f"status {stream.status} with {came}"
    if came != (expected.finish_reason or expected.code):
        return f"ended with {came}"
    return "" if expected.code else _complaint_about(stream.text(), expected, text)


def _complaint_about(came: str, expected: Expected, text: str) -> str:
    """A whole text must be the expected one; another its beginning, or begin with it if it has no end."""
    if expected.finish_reason == "stop":
        return "" if came == text else "wrong text"
    return "" if text.startswith(came) or came.startswith(text) else "wrong beginning"
