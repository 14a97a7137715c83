"""What a target may speak: where a question goes, as what, and how the answer's objects come."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

from loadtests.chat.events import chat_items, decoded
from loadtests.chat.expected import request_body
from loadtests.chat.openai_wire import (
    Object,
    completion_item,
    completion_items,
    response_item,
    response_items,
)
from loadtests.chat.questions import Question
from loadtests.chat.timing import Item

Body = dict[str, object]


@dataclass(frozen=True)
class Api:
    path: str
    body: Callable[[Question, str, bool], Body]
    """Of a question to a model, to be streamed or not."""
    items: Callable[[Iterable[bytes]], Iterator[Item]]
    """Of a stream's blocks."""
    item: Callable[[bytes], Object]
    """Of a whole answer."""
    least_tokens: int = 1
    """What a max_tokens must be at least."""

    def allowed(self, question: Question) -> Question:
        """The same with as many tokens as the API lets one ask for."""
        if question.max_tokens is None:
            return question
        return replace(question, max_tokens=max(question.max_tokens, self.least_tokens))

    def url_at(self, url: str) -> str:
        """The endpoint's URL, of a server's, of what OpenAI's SDK takes for its base URL, or its own.

        The SDK's has a path, mostly the version's, behind which only the last part of this one follows. Name
        and password of a URL are left out.
        """
        parts = urlsplit(url)
        base, last = parts.path.rstrip("/"), self.path.removeprefix("/v1")
        path = base if base.endswith(last) else base + (last if base else self.path)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], path=path, fragment=""))


def _chat(question: Question, model: str, is_streamed: bool) -> Body:
    return request_body(question, model, stream=is_streamed)


def _completions(question: Question, model: str, is_streamed: bool) -> Body:
    usage: Body = {"stream_options": {"include_usage": True}} if is_streamed else {}
    return {**request_body(question, model, stream=is_streamed), **usage}


def _responses(question: Question, model: str, is_streamed: bool) -> Body:
    limit = {} if question.max_tokens is None else {"max_output_tokens": question.max_tokens}
    return {"model": model, "input": question.messages, "stream": is_streamed, "store": False, **limit}


def _chat_item(data: bytes) -> Object:
    return decoded(data, dict[str, object])


APIS = {
    "chat": Api("/chat", _chat, chat_items, _chat_item),
    "completions": Api("/v1/chat/completions", _completions, completion_items, completion_item),
    "responses": Api("/v1/responses", _responses, response_items, response_item, least_tokens=16),
}
