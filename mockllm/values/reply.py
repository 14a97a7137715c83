"""What will be sent and when: a reply as values, before any socket is known.

Times are seconds after the request was read. A fault is a function that returns a changed reply.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mockllm.values.kept import Kept

Ending = Literal["complete", "close", "reset"]
"""How the body ends: properly; with a FIN but no last chunk; with a RST."""


_SERVER_ERROR = (
    b'{"message":"The server had an error while processing your request. Sorry about that!",'
    b'"type":"server_error","param":null,"code":"server_error"}'
)


class Send(NamedTuple):
    """Bytes of the body that leave together at `due`; `token` is the index of the token they carry, if any.

    Neighbours with the very same due time share one write.
    """

    due: float
    data: bytes
    token: int | None


class Failure(NamedTuple):
    """An error where a status can no longer tell it: a whole body, and an event of a stream.

    An event that is numbered has `%d` for its number. In an array `between` stands between two entries, and
    the event ends the array.
    """

    body: bytes
    event: bytes
    between: bytes = b""


OPENAI_FAILURE = Failure(
    body=b'{"error":%b}' % _SERVER_ERROR, event=b'data: {"error":%b}\n\n' % _SERVER_ERROR
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer. `sends` is in order of time and may be endless; `length` is known only unstreamed.

    The head leaves at `head_due`; the end comes at `end_due`, or right behind the last send if that is later.
    `answer` is the text in it, for the journal, and the tokens are what it is billed at. `failure` is
    how this API says in the middle of an answer, or in place of it, that it failed; `kept` is what later
    requests may refer to; `said_in` is the parameter that holds what was said.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    sends: Iterable[Send]
    length: int | None = None
    head_due: float = 0.0
    end_due: float = 0.0
    ending: Ending = "complete"
    answer: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    failure: Failure = OPENAI_FAILURE
    kept: Kept | None = None
    said_in: str = "messages"

    @property
    def cost(self) -> int:
        """What it takes of a quota of tokens."""
        return self.prompt_tokens + self.completion_tokens


def whole(
    status: int, headers: tuple[tuple[str, str], ...], body: bytes, due: float = 0.0, tokens: int = 0
) -> Reply:
    """Make a reply that leaves in one piece, its head with it."""
    sends = (Send(due, body, tokens - 1 if tokens else None),)
    return Reply(status, headers, sends, length=len(body), head_due=due)
