"""What stands in the objects of an answer, in the shapes that servers give it."""

from webapp.upstream.decoding.fields.finish_reasons import finish_reason_of
from webapp.upstream.decoding.fields.growing import GrowingText
from webapp.upstream.decoding.fields.halves import CharacterMender
from webapp.upstream.decoding.fields.parts import reasoning_of, text_of
from webapp.upstream.decoding.fields.reported import error_in, error_of, reported_error
from webapp.upstream.decoding.fields.usage import UsageReader

__all__ = [
    "CharacterMender",
    "GrowingText",
    "UsageReader",
    "error_in",
    "error_of",
    "finish_reason_of",
    "reasoning_of",
    "reported_error",
    "text_of",
]
