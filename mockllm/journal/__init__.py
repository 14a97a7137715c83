"""What came, what became of it, and what is kept of it for later requests, the same in all workers."""

from mockllm.journal.cassettes import Library, Upstream, add_replay_routes, create_recorder, recording
from mockllm.journal.counts import Count, Counts
from mockllm.journal.journal import Journal
from mockllm.journal.recording import Note, keep_journal
from mockllm.journal.routes import add_journal_routes
from mockllm.journal.state import (
    Documents,
    Recollection,
    add_chat_routes,
    add_conversation_routes,
    add_response_routes,
)
from mockllm.journal.store import Store

__all__ = [
    "Count",
    "Counts",
    "Documents",
    "Journal",
    "Library",
    "Note",
    "Recollection",
    "Store",
    "Upstream",
    "add_chat_routes",
    "add_conversation_routes",
    "add_journal_routes",
    "add_replay_routes",
    "add_response_routes",
    "create_recorder",
    "keep_journal",
    "recording",
]
