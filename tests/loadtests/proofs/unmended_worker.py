"""gunicorn workers without what the proof of attacks proves: it must notice."""

from typing import Any

from webapp.serving.client_connection import ClientConnection, ConnectionLimits
from webapp.serving.worker import ChatWorker


class GreedyConnection(ClientConnection):
    """Gives nobody a turn."""

    def give_turn(self) -> None:
        """Go on."""


class GreedyWorker(ChatWorker):
    """Serves a client for as long as that has something to say."""

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """As its base class, with the connections' turns taken from all of them."""
        ClientConnection.give_turn = GreedyConnection.give_turn  # type: ignore[method-assign]
        super().handle(listener, client, addr)


class PatientWorker(ChatWorker):
    """Waits for a body for as long as it takes."""

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """As its base class, without limits."""
        self._limits = ConnectionLimits(1e9, 1e9, 1e9, 10**9, 1e9)
        super().handle(listener, client, addr)
