"""What bench, proofs and tests stand on: ports, processes, one upstream, one client of many streams."""

from loadtests.rig.ports import HOST, free_port, is_free
from loadtests.rig.processes import ROOT, await_that, send_signal
from loadtests.rig.streams import FORMATS, JSON, NDJSON, SSE, TEXT, Stream, Streams, terminals
from loadtests.rig.upstream import FLOOD, PHASES, SHORT, Upstream, upstream

__all__ = [
    "FLOOD",
    "FORMATS",
    "HOST",
    "JSON",
    "NDJSON",
    "PHASES",
    "ROOT",
    "SHORT",
    "SSE",
    "TEXT",
    "Stream",
    "Streams",
    "Upstream",
    "await_that",
    "free_port",
    "is_free",
    "send_signal",
    "terminals",
    "upstream",
]
