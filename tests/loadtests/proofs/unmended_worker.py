"""gunicorn workers without what the proof of attacks proves, each without one mend: it must notice."""

from __future__ import annotations

import os
import pkgutil
from typing import Any

from webapp.serving.clients.connection import ConnectionLimits
from webapp.serving.worker import ChatWorker


def without(mends: dict[str, object]) -> type[ChatWorker]:
    """A worker that puts other things in the place of mends, which are named as webapp has them."""

    class Unmended(ChatWorker):
        def patch(self) -> None:
            super().patch()
            # What is loaded before that would block; the app is loaded after it.
            for name, instead in mends.items():
                owner, _, attribute = name.rpartition(".")
                setattr(pkgutil.resolve_name(f"webapp.{owner}"), attribute, instead)

    return Unmended


def _without_limits(self: ChatWorker, *args: Any) -> None:
    self._limits = ConnectionLimits(1e9, 1e9, 1e9, 10**9, 1e9)
    _handle(self, *args)


def _hoarding(self: ChatWorker, *args: Any) -> None:
    self._most_connections = self._most_silent = 10**9
    _handle(self, *args)


def _write_and_wait(self: Any, text: str) -> None:
    os.set_blocking(self._file, True)
    os.write(self._file, text.encode())


_handle = ChatWorker.handle

GreedyWorker = without({"serving.clients.connection.ClientConnection.give_turn": lambda _self: None})
PatientWorker = without({"serving.worker.ChatWorker.handle": _without_limits})
HoardingWorker = without({"serving.worker.ChatWorker.handle": _hoarding})
NewcomersFirstWorker = without(
    {
        "serving.clients.turns.MOST_IN_LINE": 10**9,
        "serving.clients.turns.SETBACK": 10**9,
        "serving.worker.source_of": lambda _address: "",
        "serving.clients.server.source_of": lambda _address: "",
    }
)
UntamedWorker = without({"upstream.client.HOOKS": {}, "upstream.prepared.HOOKS": {}})
EndlessWorker = without({"upstream.model.LENIENT_BYTES": 10**12, "upstream.model.LENIENT_CHARACTERS": 10**12})
ClocklessWorker = without(
    {"upstream.transport.connections.Connection.receive_more": lambda self: self._receive_in_time()}
)
TrustingWorker = without(
    {"limits.meter.MOST_FACTOR": 10**18, "upstream.decoding.fields.usage.MOST_TOKENS": 10**30}
)
UncountingWorker = without({"http.security.count_request": lambda: None})
WaitingLogWorker = without({"observing.log_stream.LogStream.write": _write_and_wait})
