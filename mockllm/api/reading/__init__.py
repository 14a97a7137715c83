"""What the requests of all APIs share: their bodies, content parts, forms and tools. Pure."""

from mockllm.api.reading.body import (
    Count,
    LeastTokens,
    Mock,
    Model,
    Penalty,
    Share,
    Stop,
    StreamOptions,
    Temperature,
    check_stream_options,
    convert,
    decode,
    least_tokens,
    missing_parameter,
    stop_words,
)
from mockllm.api.reading.content import audio, file, image
from mockllm.api.reading.formats import JsonSchema, wanted_form
from mockllm.api.reading.tools import Function, chosen, kind_of, toolbox

__all__ = [
    "Count",
    "Function",
    "JsonSchema",
    "LeastTokens",
    "Mock",
    "Model",
    "Penalty",
    "Share",
    "Stop",
    "StreamOptions",
    "Temperature",
    "audio",
    "check_stream_options",
    "chosen",
    "convert",
    "decode",
    "file",
    "image",
    "kind_of",
    "least_tokens",
    "missing_parameter",
    "stop_words",
    "toolbox",
    "wanted_form",
]
