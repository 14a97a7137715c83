"""Gemini's API: requests to the replies that they get. Pure."""

from mockllm.api.gemini.embedding import embed, parse_embed, parse_embeds, turns_to_embed
from mockllm.api.gemini.refusals import error_body, error_status
from mockllm.api.gemini.reply import count, parse, parse_count, reply, streamed_as, turns

__all__ = [
    "count",
    "embed",
    "error_body",
    "error_status",
    "parse",
    "parse_count",
    "parse_embed",
    "parse_embeds",
    "reply",
    "streamed_as",
    "turns",
    "turns_to_embed",
]
