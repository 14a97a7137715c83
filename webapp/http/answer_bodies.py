"""The bodies of an answer, which say when they write, and let go of all before the last bytes.

Not later, when WSGI closes the body: a client that has read the end may ask again at once, and its place must
be free by then.
"""

from __future__ import annotations

import errno
from collections.abc import Generator, Iterator
from contextlib import ExitStack

from webapp.chat import Done, Event, Failure
from webapp.http.formats import CutError, Format
from webapp.serving import OpenAnswer

_LAST_WORDS = (Done, Failure)
"""Asked for by their class: `isinstance` of a msgspec type is a call of Python's."""


class AnswerBody:
    """What WSGI iterates over once, and closes also if it never did: then too all ends that the answer took.

    `parts` enters `ending` as soon as it is begun.
    """

    def __init__(self, parts: Generator[bytes], ending: ExitStack) -> None:
        self._parts = parts
        self._ending = ending

    def __iter__(self) -> Iterator[bytes]:
        # Themselves: a token costs no call of this object.
        return self._parts

    def close(self) -> None:
        """End all that has not ended yet."""
        self._parts.close()
        self._ending.__exit__(GeneratorExit, GeneratorExit(), None)


def streamed_body(
    events: Iterator[Event], chosen: Format, answer: OpenAnswer, ending: ExitStack
) -> AnswerBody:
    """Return the bytes of each event."""
    return AnswerBody(_streamed(events, chosen, answer, ending), ending)


def whole_body(data: bytes, answer: OpenAnswer, ending: ExitStack) -> AnswerBody:
    """Return the body of a blocking answer."""
    return AnswerBody(_whole(data, answer, ending), ending)


def _streamed(
    events: Iterator[Event], chosen: Format, answer: OpenAnswer, ending: ExitStack
) -> Generator[bytes]:
    last = b""
    with ending:
        answer.begun = True
        encode = chosen.encode
        try:
            for event in events:
                answer.sending = True
                encoded = encode(event)
                if event.__class__ in _LAST_WORDS:
                    last = encoded
                    break
                yield encoded
                answer.sending = False
        except CutError:
            answer.break_off()
            # What gunicorn takes for a client that left: it closes, without the final chunk or a word.
            raise OSError(errno.EPIPE, "the answer broke off") from None
    yield answer.last(last)


def _whole(data: bytes, answer: OpenAnswer, ending: ExitStack) -> Generator[bytes]:
    with ending:
        answer.begun = answer.sending = True
        yield data
