"""What rooms hand each other: a question, an answer, a reply with its times, a refusal."""

from mockllm.values.completion import Choice, Completion, FinishReason, Part, Search, Source
from mockllm.values.conversation import Ask, Attachment, Form, PastCall, Tool, Toolbox, Turn, latest_words
from mockllm.values.draws import Draws, digest
from mockllm.values.errors import ApiError
from mockllm.values.kept import Item, Kept, Memory
from mockllm.values.reply import OPENAI_FAILURE, Failure, Reply, Send, whole
from mockllm.values.shown import shown

__all__ = [
    "OPENAI_FAILURE",
    "ApiError",
    "Ask",
    "Attachment",
    "Choice",
    "Completion",
    "Draws",
    "Failure",
    "FinishReason",
    "Form",
    "Item",
    "Kept",
    "Memory",
    "Part",
    "PastCall",
    "Reply",
    "Search",
    "Send",
    "Source",
    "Tool",
    "Toolbox",
    "Turn",
    "digest",
    "latest_words",
    "shown",
    "whole",
]
