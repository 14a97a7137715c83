"""An upstream inside the process that does what a script says: writes, pauses and cuts."""

from loadtests.rig.scripted.server import Script, ScriptedUpstream, Talk, plays
from loadtests.rig.scripted.wire import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    OK,
    Ending,
    Step,
    answer,
    chunk,
    chunked,
    event,
    until_closed,
    whole,
)

__all__ = [
    "CHUNKED",
    "DONE",
    "EVENT",
    "LAST_CHUNK",
    "OK",
    "Ending",
    "Script",
    "ScriptedUpstream",
    "Step",
    "Talk",
    "answer",
    "chunk",
    "chunked",
    "event",
    "plays",
    "until_closed",
    "whole",
]
