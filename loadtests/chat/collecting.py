"""Collects an answer from the blocks of its body as they come: the app's and OpenAI's, streamed and whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from loadtests.chat.apis import APIS
from loadtests.chat.timing import Answer, Item

Clock = Callable[[], float]
Collect = Callable[[Answer, Iterable[bytes], Clock], None]
Items = Callable[[Iterable[bytes]], Iterator[Item]]


def collected(body: Iterable[bytes], collect: Collect, clock: Clock, asked_at: float = 0.0) -> Answer:
    """The answer with the times of its parts; raises what the body raises, and BadAnswerError.

    `asked_at` is when it was asked for, by the clock.
    """
    answer = Answer(asked_at=asked_at)
    collect(answer, _noted(body, answer, clock), clock)
    return answer


def streamed(items: Items) -> Collect:
    """Takes the objects of a stream as they come."""

    def collect(answer: Answer, body: Iterable[bytes], clock: Clock) -> None:
        add = answer.add
        for item in items(body):
            add(item, clock())

    return collect


def whole(item: Callable[[bytes], Mapping[str, object]]) -> Collect:
    """Takes an answer that is text and end in one."""

    def collect(answer: Answer, body: Iterable[bytes], clock: Clock) -> None:
        found = item(b"".join(body))
        if found.get("type") == "error":
            answer.add(found, clock())
        else:
            answer.add_whole(found, clock())

    return collect


chat_stream, chat_whole = streamed(APIS["chat"].items), whole(APIS["chat"].item)
completion_stream, completion_whole = streamed(APIS["completions"].items), whole(APIS["completions"].item)


def _noted(blocks: Iterable[bytes], answer: Answer, clock: Clock) -> Iterator[bytes]:
    for block in blocks:
        if answer.first_byte_at is None:
            answer.first_byte_at = clock()
        answer.size += len(block)
        yield block
