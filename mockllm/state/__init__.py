"""What later requests may refer to: kept answers and conversations, the same in all workers."""

from mockllm.state.chat_routes import add_chat_routes
from mockllm.state.conversation_routes import add_conversation_routes
from mockllm.state.documents import Documents
from mockllm.state.memory import Recollection
from mockllm.state.response_routes import add_response_routes

__all__ = [
    "Documents",
    "Recollection",
    "add_chat_routes",
    "add_conversation_routes",
    "add_response_routes",
]
