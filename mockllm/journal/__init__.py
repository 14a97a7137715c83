"""What came and what became of it, kept in a database that all workers share."""

from mockllm.journal.journal import Journal
from mockllm.journal.recording import Note, keep_journal
from mockllm.journal.routes import add_journal_routes
from mockllm.journal.store import Store

__all__ = ["Journal", "Note", "Store", "add_journal_routes", "keep_journal"]
