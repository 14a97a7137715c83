"""`/v1/chat/completions`. Pure."""

from mockllm.api.chat.reply import parse, reply, turns

__all__ = ["parse", "reply", "turns"]
