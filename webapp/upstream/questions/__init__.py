"""A ChatRequest in the dialect of its server, and put again where the server refuses it."""

from webapp.upstream.questions.dialects import Dialects
from webapp.upstream.questions.question import Question

__all__ = ["Dialects", "Question"]
