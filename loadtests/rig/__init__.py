"""What bench, proofs and tests stand on: processes, their cores, one upstream, clients of many streams."""

from loadtests.rig.cores import Cores, cores, on_cores, raise_descriptor_limit
from loadtests.rig.counting import LAST_CHUNK, ClientMode, Load, Mark, Outcome, counted
from loadtests.rig.judging import DONE, Expected, complaint
from loadtests.rig.ports import HOST, free_port, is_free, listens
from loadtests.rig.processes import (
    ROOT,
    Program,
    StartError,
    await_that,
    end_groups,
    running,
    send_signal,
    signal_group,
)
from loadtests.rig.streams import FORMATS, JSON, NDJSON, SSE, TEXT, Stream, Streams, request, terminals
from loadtests.rig.upstream import FLOOD, PHASES, SHORT, WORD, Upstream, UpstreamStats, upstream
from loadtests.rig.upstream.scripts import HEAD, TOKEN, ending, event, framed
from loadtests.rig.upstream.serving import UpstreamServer, listening
from loadtests.rig.venvs import MissingError, python_of

__all__ = [
    "DONE",
    "FLOOD",
    "FORMATS",
    "HEAD",
    "HOST",
    "JSON",
    "LAST_CHUNK",
    "NDJSON",
    "PHASES",
    "ROOT",
    "SHORT",
    "SSE",
    "TEXT",
    "TOKEN",
    "WORD",
    "ClientMode",
    "Cores",
    "Expected",
    "Load",
    "Mark",
    "MissingError",
    "Outcome",
    "Program",
    "StartError",
    "Stream",
    "Streams",
    "Upstream",
    "UpstreamServer",
    "UpstreamStats",
    "await_that",
    "complaint",
    "cores",
    "counted",
    "end_groups",
    "ending",
    "event",
    "framed",
    "free_port",
    "is_free",
    "listening",
    "listens",
    "on_cores",
    "python_of",
    "raise_descriptor_limit",
    "request",
    "running",
    "send_signal",
    "signal_group",
    "terminals",
    "upstream",
]
