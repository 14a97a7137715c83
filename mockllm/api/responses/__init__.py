"""`/v1/responses`. Pure."""

from mockllm.api.responses.compacting import compact
from mockllm.api.responses.kept import response_document, resumed_response
from mockllm.api.responses.recalling import checked_items, metadata_in, named_items
from mockllm.api.responses.reply import count, parse, recall, reply, turns

__all__ = [
    "checked_items",
    "compact",
    "count",
    "metadata_in",
    "named_items",
    "parse",
    "recall",
    "reply",
    "response_document",
    "resumed_response",
    "turns",
]
