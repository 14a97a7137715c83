"""What the requests of all APIs share: their bodies, content parts, forms and tools. Pure."""

from mockllm.api.reading.body import convert, identify, read_body, request_of, with_model
from mockllm.api.reading.complaints import missing_parameter
from mockllm.api.reading.content import Sound, audio, file, image
from mockllm.api.reading.formats import JsonSchema, wanted_form
from mockllm.api.reading.sampling import (
    Count,
    Metadata,
    Mock,
    Model,
    Sampled,
    Share,
    Stopped,
    StreamOptions,
    sampled,
    tier_of,
)
from mockllm.api.reading.spelling import camel_case, in_camel_case, snake_case
from mockllm.api.reading.tools import Function, Naming, kind_of, toolbox
from mockllm.api.reading.traits import object_of, traits_of

__all__ = [
    "Count",
    "Function",
    "JsonSchema",
    "Metadata",
    "Mock",
    "Model",
    "Naming",
    "Sampled",
    "Share",
    "Sound",
    "Stopped",
    "StreamOptions",
    "audio",
    "camel_case",
    "convert",
    "file",
    "identify",
    "image",
    "in_camel_case",
    "kind_of",
    "missing_parameter",
    "object_of",
    "read_body",
    "request_of",
    "sampled",
    "snake_case",
    "tier_of",
    "toolbox",
    "traits_of",
    "wanted_form",
    "with_model",
]
