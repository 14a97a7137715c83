"""What the requests of all APIs share: their bodies, content parts, forms and tools. Pure."""

from mockllm.api.reading.body import (
    Count,
    Mock,
    Model,
    Penalty,
    Share,
    Stop,
    StreamOptions,
    Temperature,
    check_stream_options,
    decode,
    missing_parameter,
    stop_words,
)
from mockllm.api.reading.content import image
from mockllm.api.reading.formats import JsonSchema, wanted_form
from mockllm.api.reading.tools import Function, toolbox

__all__ = [
    "Count",
    "Function",
    "JsonSchema",
    "Mock",
    "Model",
    "Penalty",
    "Share",
    "Stop",
    "StreamOptions",
    "Temperature",
    "check_stream_options",
    "decode",
    "image",
    "missing_parameter",
    "stop_words",
    "toolbox",
    "wanted_form",
]
