"""The model's API: asked through the openai SDK, read as chunks."""

from webapp.upstream.decoding import Chunk
from webapp.upstream.model import ChatModel
from webapp.upstream.readiness import Readiness

__all__ = ["ChatModel", "Chunk", "Readiness"]
