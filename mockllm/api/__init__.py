"""One room for each API: its request, and the reply to it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mockllm.api import anthropic, chat, completions, embeddings, gemini, moderations, responses
from mockllm.api.chat import stored_completion, stored_messages
from mockllm.api.error_responses import (
    answer_errors,
    json_response,
    request_id_headers,
    speaks_anthropic,
    speaks_gemini,
)
from mockllm.api.models import Vendor, model_body, models_body
from mockllm.api.numbers import whole_number
from mockllm.api.path_forms import DEPLOYMENT, KNOBS_IN_PATH, PathForms
from mockllm.api.reading import identify, read_body, tier_of, traits_of, with_model
from mockllm.api.responses import checked_items, metadata_in, named_items, response_document, resumed_response
from mockllm.api.strictness import check_strictly
from mockllm.api.wire import JSON_TYPE, Stamp, encode
from mockllm.rules import Knobs, Purpose
from mockllm.values import Memory, Reply, Turn

__all__ = [
    "DEPLOYMENT",
    "ENDPOINTS",
    "GEMINI",
    "JSON_TYPE",
    "KNOBS_IN_PATH",
    "Endpoint",
    "PathForms",
    "Stamp",
    "Vendor",
    "answer_errors",
    "check_strictly",
    "checked_items",
    "encode",
    "endpoint_of",
    "identify",
    "json_response",
    "metadata_in",
    "model_body",
    "models_body",
    "named_items",
    "read_body",
    "request_id_headers",
    "response_document",
    "resumed_response",
    "speaks_anthropic",
    "speaks_gemini",
    "stored_completion",
    "stored_messages",
    "tier_of",
    "traits_of",
    "whole_number",
    "with_model",
]


class Endpoint(NamedTuple):
    """How one API reads a body, recalls what it refers to, finds what was said, and plans the reply.

    `purpose` says what in the reply a rule could decide on.
    """

    parse: Callable[[Any], Any]
    turns: Callable[[Any], Sequence[Turn]]
    reply: Callable[[Any, Knobs, Stamp], Reply]
    recall: Callable[[Any, Any, Memory], Any] = lambda asked, _given, _memory: asked
    purpose: Purpose = "answer"


GEMINI: dict[str, Endpoint] = {
    "generateContent": Endpoint(gemini.parse, gemini.turns, gemini.reply),
    "streamGenerateContent": Endpoint(gemini.parse, gemini.turns, gemini.streamed_as("array")),
    "streamGenerateContent sse": Endpoint(gemini.parse, gemini.turns, gemini.streamed_as("sse")),
    "countTokens": Endpoint(gemini.parse_count, gemini.turns, gemini.count, purpose="other"),
    "embedContent": Endpoint(gemini.parse_embed, gemini.turns_to_embed, gemini.embed, purpose="embedding"),
    "batchEmbedContents": Endpoint(
        gemini.parse_embeds, gemini.turns_to_embed, gemini.embed, purpose="embedding"
    ),
}
"""By what stands behind the model's name in a path of Gemini's; `sse` is what `alt` says."""

ENDPOINTS: dict[str, Endpoint] = {
    "/v1/chat/completions": Endpoint(chat.parse, chat.turns, chat.reply),
    "/v1/completions": Endpoint(completions.parse, completions.turns, completions.reply),
    "/v1/embeddings": Endpoint(embeddings.parse, embeddings.turns, embeddings.reply, purpose="embedding"),
    "/v1/messages": Endpoint(anthropic.parse, anthropic.turns, anthropic.reply),
    "/v1/messages/count_tokens": Endpoint(
        anthropic.parse_count, anthropic.turns, anthropic.count, purpose="other"
    ),
    "/v1/moderations": Endpoint(moderations.parse, moderations.turns, moderations.reply, purpose="other"),
    "/v1/responses": Endpoint(responses.parse, responses.turns, responses.reply, responses.recall),
    "/v1/responses/compact": Endpoint(
        responses.parse, responses.turns, responses.compact, responses.recall, purpose="other"
    ),
    "/v1/responses/input_tokens": Endpoint(
        responses.parse, responses.turns, responses.count, responses.recall, purpose="other"
    ),
}


def endpoint_of(path: str) -> Endpoint | None:
    """Return who reads the bodies that come to a path, if anybody does."""
    return ENDPOINTS.get(path) or (GEMINI.get(path.rpartition(":")[2]) if "/models/" in path else None)
