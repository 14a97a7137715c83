"""One module for each API: its request, and the reply to it. Pure."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mockllm.api import chat, completions, embeddings, responses
from mockllm.conversation import Turn
from mockllm.knobs import Knobs
from mockllm.plan import Reply
from mockllm.wire import Stamp


class Endpoint(NamedTuple):
    """How one API reads a body, finds the conversation in it, and plans the reply."""

    parse: Callable[[bytes], Any]
    turns: Callable[[Any], Sequence[Turn]]
    reply: Callable[[Any, Knobs, Stamp], Reply]


ENDPOINTS: dict[str, Endpoint] = {
    "/v1/chat/completions": Endpoint(chat.parse, chat.turns, chat.reply),
    "/v1/completions": Endpoint(completions.parse, completions.turns, completions.reply),
    "/v1/embeddings": Endpoint(embeddings.parse, embeddings.turns, embeddings.reply),
    "/v1/responses": Endpoint(responses.parse, responses.turns, responses.reply),
}
