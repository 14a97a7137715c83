"""One module for each API: its request, and the reply to it. Pure."""

from collections.abc import Callable
from typing import Any, NamedTuple

from mockllm.api import chat, completions, embeddings, responses
from mockllm.knobs import Knobs
from mockllm.plan import Reply
from mockllm.wire import Stamp


class Endpoint(NamedTuple):
    """How one API reads a body, counts how often the user has spoken in it, and plans the reply."""

    parse: Callable[[bytes], Any]
    user_turns: Callable[[Any], int]
    reply: Callable[[Any, Knobs, Stamp], Reply]


ENDPOINTS: dict[str, Endpoint] = {
    "/v1/chat/completions": Endpoint(chat.parse, chat.user_turns, chat.reply),
    "/v1/completions": Endpoint(completions.parse, completions.user_turns, completions.reply),
    "/v1/embeddings": Endpoint(embeddings.parse, embeddings.user_turns, embeddings.reply),
    "/v1/responses": Endpoint(responses.parse, responses.user_turns, responses.reply),
}
