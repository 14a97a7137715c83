"""The body of `POST /v1/responses`, and what it asks for."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from mockllm.api.reading import (
    Function,
    JsonSchema,
    Mock,
    Model,
    Share,
    StreamOptions,
    Temperature,
    check_stream_options,
    decode,
    missing_parameter,
    toolbox,
    wanted_form,
)
from mockllm.api.responses.input_items import InputItem, turns_of
from mockllm.values import ApiError, Ask, Turn

LOGPROBS = "message.output_text.logprobs"


class OfferedFunction(Function, kw_only=True):
    """A tool on offer; functions are the only kind."""

    type: Literal["function"]


class TextFormat(Struct):
    """The form of the answer's text."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    description: str | None = None


class TextOptions(Struct):
    """How the text is to be."""

    format: TextFormat | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class Reasoning(Struct):
    """What is told of the model's thoughts: nothing without `summary`."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None


class ResponsesRequest(Struct):
    """The body, as far as it changes the answer."""

    model: Model
    input: str | Annotated[list[InputItem], Meta(min_length=1)]
    instructions: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_output_tokens: Annotated[int, Meta(ge=16)] | None = None
    max_tool_calls: Annotated[int, Meta(ge=1)] | None = None
    tools: list[OfferedFunction] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    text: TextOptions | None = None
    reasoning: Reasoning | None = None
    include: list[str] | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    temperature: Temperature | None = None
    top_p: Share | None = None
    truncation: Literal["auto", "disabled"] | None = None
    metadata: dict[str, str] | None = None
    user: str | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None
    store: bool | None = None
    background: bool | None = None
    previous_response_id: str | None = None
    conversation: Any = None
    prompt: Any = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] | None = None
    mock: Mock | None = None


_decoder = msgspec.json.Decoder(ResponsesRequest)


def parse(body: bytes) -> ResponsesRequest:
    """Read a request.

    Raises ApiError for what is no such request, or needs what a server without state lacks.
    """
    request = decode(body, _decoder)
    check_stream_options(request.stream, request.stream_options)
    if request.previous_response_id is not None:
        message = (
            f"Previous response with id '{request.previous_response_id}' not found: "
            "this server keeps no responses, send the whole conversation as input."
        )
        raise ApiError(400, message, param="previous_response_id", code="previous_response_not_found")
    for name in ("conversation", "prompt"):
        if getattr(request, name) is not None:
            message = f"{name}: not found, as this server keeps none; send the whole conversation as input"
            raise ApiError(404, message, param=name, code=f"{name}_not_found")
    if request.background:
        message = "background: this server keeps no responses, so there would be nothing to fetch later"
        raise ApiError(400, message, param="background", code="unsupported_parameter")
    return request


def ask_of(request: ResponsesRequest) -> Ask:
    """Say what is asked. Raises ApiError for items, tools and schemas that do not fit together."""
    said = (Turn("user", request.input),) if isinstance(request.input, str) else turns_of(request.input)
    turns = (Turn("system", request.instructions), *said) if request.instructions else said
    if not turns:
        raise ApiError(400, "input: expected something that somebody said", param="input")
    wanted = (request.text and request.text.format) or TextFormat()
    if wanted.type == "json_schema" and wanted.name is None:
        raise missing_parameter("text.format.name")
    described = JsonSchema(wanted.name or "", wanted.schema, wanted.strict)
    form, schema = wanted_form(wanted.type, described, "text.format", turns)
    return Ask(
        turns,
        limit=request.max_output_tokens,
        toolbox=toolbox(request.tools or (), request.tool_choice, request.parallel_tool_calls, "tools[{}]"),
        form=form,
        schema=schema,
    )
