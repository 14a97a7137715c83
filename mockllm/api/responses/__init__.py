"""`/v1/responses`. Pure."""

from mockllm.api.responses.reply import parse, reply, turns

__all__ = ["parse", "reply", "turns"]
