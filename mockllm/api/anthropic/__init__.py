"""Anthropic's Messages API: requests to the replies that they get. Pure."""

from mockllm.api.anthropic.refusals import error_body, error_status
from mockllm.api.anthropic.reply import count, parse, parse_count, reply, turns

__all__ = [
    "count",
    "error_body",
    "error_status",
    "parse",
    "parse_count",
    "reply",
    "turns",
]
