"""Conversation and knobs to the parts of an answer: prose, JSON or calls. Pure."""

from mockllm.api.answering.completing import complete, count_prompt

__all__ = ["complete", "count_prompt"]
