"""Collects an answer from the blocks of its body as they come: the app's and OpenAI's, streamed and whole."""

from collections.abc import Callable, Iterable, Iterator

from loadtests.chat.apis import APIS
from loadtests.chat.openai_wire import Item
from loadtests.chat.timing import Answer

Elapsed = Callable[[], float]
Collect = Callable[[Answer, Iterable[bytes], Elapsed], None]
Items = Callable[[Iterable[bytes]], Iterator[Item]]


def collected(body: Iterable[bytes], collect: Collect, elapsed: Elapsed) -> Answer:
    """The answer with the times of its parts; raises what the body raises, and BadAnswerError."""
    answer = Answer()
    collect(answer, _noted(body, answer, elapsed), elapsed)
    return answer


def streamed(items: Items) -> Collect:
    """Takes the objects of a stream as they come."""

    def collect(answer: Answer, body: Iterable[bytes], elapsed: Elapsed) -> None:
        for item in items(body):
            answer.add(item, elapsed())

    return collect


def whole(item: Callable[[bytes], Item]) -> Collect:
    """Takes an answer that is text and end in one."""

    def collect(answer: Answer, body: Iterable[bytes], elapsed: Elapsed) -> None:
        found = item(b"".join(body))
        if found.get("type") == "error":
            answer.add(found, elapsed())
        else:
            answer.add_whole(found, elapsed())

    return collect


chat_stream, chat_whole = streamed(APIS["chat"].items), whole(APIS["chat"].item)
completion_stream, completion_whole = streamed(APIS["completions"].items), whole(APIS["completions"].item)


def _noted(blocks: Iterable[bytes], answer: Answer, elapsed: Elapsed) -> Iterator[bytes]:
    for block in blocks:
        if answer.first_byte_at is None:
            answer.first_byte_at = elapsed()
        answer.size += len(block)
        yield block
