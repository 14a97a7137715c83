"""What later requests may refer to: kept answers and conversations, the same in all workers."""

from mockllm.journal.state.chat_routes import add_chat_routes
from mockllm.journal.state.conversation_routes import add_conversation_routes
from mockllm.journal.state.documents import Documents
from mockllm.journal.state.memory import Recollection
from mockllm.journal.state.response_routes import add_response_routes

__all__ = [
    "Documents",
    "Recollection",
    "add_chat_routes",
    "add_conversation_routes",
    "add_response_routes",
]
