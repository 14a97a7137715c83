"""What a request may refer to, found in the kept documents; and what is kept of an answer."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec

from mockllm.api import named_items
from mockllm.journal.state.documents import Document, Documents
from mockllm.values import Item, Kept, digest

_EPOCH = 1_760_000_000
_NUMBER_DIGITS = 8


class Recollection:
    """Keeps answers, their items and conversations, and finds them again by their names."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def keep(self, kept: Kept) -> None:
        """Keep an answer, and add what was said to its conversation, if it has one."""
        said = [*kept.items, *kept.output]
        parts = [_item("item", item, kept.key) for item in said if "id" in item]
        self._documents.put([Document(kept.kind, kept.key, msgspec.json.encode(kept)), *parts])
        if kept.conversation:
            self.add_items(kept.conversation, said)

    def answer(self, key: str, kind: str = "response") -> Kept | None:
        found = self._documents.get(kind, key)
        return None if found is None else msgspec.json.decode(found, type=Kept)

    def is_pending(self, kept: Kept) -> bool:
        return not kept.cancelled and time.monotonic() - kept.started < kept.end_due

    def answers(self, kind: str) -> list[Kept]:
        return [msgspec.json.decode(value, type=Kept) for _, value in self._documents.all(kind)]

    def replace(self, kept: Kept) -> None:
        """Write an answer anew where it stands, without its items."""
        self._documents.replace(Document(kept.kind, kept.key, msgspec.json.encode(kept)))

    def forget(self, kind: str, key: str, owner: str = "") -> None:
        """Forget a document and its parts, or a part of its owner's."""
        self._documents.remove(kind, key, owner)

    def item(self, key: str) -> Item | None:
        for kind in ("item", "conversation.item"):
            if found := self._documents.get(kind, key):
                return _decoded(found)
        return None

    def begin_conversation(self, body: bytes, metadata: Any, items: Sequence[Item]) -> dict[str, Any]:
        """Begin a conversation; its name says what it began with, and how many ever began so before."""
        prefix = f"conv_{digest(body).hex()[:40]}"
        begun: dict[str, Any] = {"object": "conversation", "metadata": metadata}

        def named(number: int) -> list[Document]:
            key = f"{prefix}{number:0{_NUMBER_DIGITS}x}"
            created = _EPOCH + int.from_bytes(digest(key)[:3], "big")
            begun.update(id=key, created_at=created)
            return [_conversation(begun)]

        self._documents.put_numbered(_begun_so(prefix), 1, named)
        self.add_items(begun["id"], items)
        return begun

    def write_conversation(self, conversation: dict[str, Any]) -> None:
        # What counts those that began so must not be forgotten before it.
        prefix = conversation["id"][:-_NUMBER_DIGITS]
        self._documents.put_numbered(_begun_so(prefix), 0, lambda _: [_conversation(conversation)])

    def conversation_object(self, key: str) -> dict[str, Any] | None:
        found = self._documents.get("conversation", key)
        return None if found is None else dict(_decoded(found))

    def conversation(self, key: str) -> Sequence[Item] | None:
        if self._documents.get("conversation", key) is None:
            return None
        return [_decoded(value) for _, value in self._documents.all("conversation.item", key)]

    def add_items(self, conversation: str, items: Sequence[Item]) -> list[Item]:
        """Add items to a conversation; returns them with their names, which no other item of it ever had."""
        named: list[Item] = []

        def numbered(before: int) -> list[Document]:
            named[:] = named_items(items, digest(conversation, before))
            return [_item("conversation.item", item, conversation) for item in named]

        counter = Document("conversation.items", conversation, b"", conversation)
        self._documents.put_numbered(counter, len(items), numbered)
        return named


def _conversation(conversation: dict[str, Any]) -> Document:
    return Document("conversation", conversation["id"], msgspec.json.encode(conversation))


def _begun_so(prefix: str) -> Document:
    """Say where it stands how many conversations began alike."""
    return Document("conversation.begun", prefix, b"")


def _item(kind: str, item: Item, owner: str) -> Document:
    return Document(kind, item["id"], msgspec.json.encode(item), owner)


def _decoded(value: bytes) -> Item:
    decoded: Item = msgspec.json.decode(value)
    return decoded
