"""Ways to take an answer that are not reading it as it comes: leaving in the middle, and reading slowly."""

import time
from collections.abc import Iterable, Iterator

from loadtests.chat import Answer, BadAnswerError, Clock, Collect, Items, chat_items, streamed

PAUSE_SECONDS, SIP_BYTES = 0.02, 64
"""As fast as 50 tokens a second come, of some 60 bytes each, at best."""


class LeftError(Exception):
    """The user has gone, on purpose: no failure, and no whole answer."""


def leaving_after(texts: int, expected: str | None, items: Items = chat_items) -> Collect:
    """Goes after so many texts, with 0 after whatever comes first; what came is the beginning of the text."""

    def collect(answer: Answer, body: Iterable[bytes], clock: Clock) -> None:
        for item in items(body):
            answer.add(item, clock())
            if answer.end is None and len(answer.texts) >= texts:
                if expected is not None and not expected.startswith("".join(answer.texts)):
                    raise BadAnswerError("wrong text")
                raise LeftError

    return collect


def slowly(items: Items) -> Collect:
    """Takes the stream in small sips, whatever has come meanwhile."""
    return streamed(lambda body: items(_paused(body)))


def _paused(body: Iterable[bytes]) -> Iterator[bytes]:
    for block in body:
        for at in range(0, len(block), SIP_BYTES):
            time.sleep(PAUSE_SECONDS)
            yield block[at : at + SIP_BYTES]
