"""`/v1/chat/completions`. Pure."""

from mockllm.api.chat.reply import parse, reply, turns
from mockllm.api.chat.stored import stored_completion, stored_messages

__all__ = ["parse", "reply", "stored_completion", "stored_messages", "turns"]
