"""The bodies of an answer: generators that say when they write, and let go of all before the last bytes.

Not later, when WSGI closes the body: a client that has read the end may ask again at once, and its place must
be free by then. Each yields nothing first: a generator that was never begun ends nothing when it is closed.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack

from webapp.chat import Done, Event, Failure
from webapp.http.formats import CutError, Format
from webapp.serving import OpenAnswer

_LAST_WORDS = (Done, Failure)
"""Asked for by their class: `isinstance` of a msgspec type is a call of Python's."""


def streamed_body(
    events: Iterator[Event], chosen: Format, answer: OpenAnswer, ending: ExitStack
) -> Iterator[bytes]:
    """Yield the bytes of each event."""
    last = b""
    with ending:
        yield b""
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


def whole_body(data: bytes, answer: OpenAnswer, ending: ExitStack) -> Iterator[bytes]:
    """Yield the body of a blocking answer."""
    with ending:
        yield b""
        answer.begun = answer.sending = True
        yield data
