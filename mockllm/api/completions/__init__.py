"""`/v1/completions`. Pure."""

from mockllm.api.completions.reply import parse, reply, turns

__all__ = ["parse", "reply", "turns"]
