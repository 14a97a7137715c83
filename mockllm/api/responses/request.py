"""The body of `POST /v1/responses`, and what it asks for."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from mockllm.api.reading import (
    Function,
    JsonSchema,
    Metadata,
    Model,
    Sampled,
    convert,
    kind_of,
    missing_parameter,
    sampled,
    toolbox,
    wanted_form,
)
from mockllm.api.responses.input_items import InputItem, turns_of
from mockllm.values import ApiError, Ask, Turn, shown

LOGPROBS = "message.output_text.logprobs"
SOURCES = "web_search_call.action.sources"
ENCRYPTED = "reasoning.encrypted_content"


class OfferedFunction(Function, kw_only=True):
    """A function on offer."""

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


class Prompt(Struct):
    """A prompt that is kept at OpenAI; there is none here, so its name and its variables are what is said."""

    id: str
    version: str | None = None
    variables: dict[str, Any] | None = None


class ResponsesRequest(Sampled, dict=True):
    """The body, as far as it changes the answer."""

    model: Model
    input: str | Annotated[list[InputItem], Meta(min_length=1)] | None = None
    instructions: str | None = None
    max_output_tokens: Annotated[int, Meta(ge=16)] | None = None
    max_tool_calls: Annotated[int, Meta(ge=1)] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    text: TextOptions | None = None
    reasoning: Reasoning | None = None
    include: list[str] | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    truncation: Literal["auto", "disabled"] | None = None
    metadata: Metadata | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None
    store: bool | None = None
    background: bool | None = None
    previous_response_id: str | None = None
    conversation: Any = None
    prompt: Prompt | None = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] | None = None

    @cached_property
    def ask(self) -> Ask:
        """What is asked, found once. Raises ApiError for items, tools and schemas that do not fit."""
        return ask_of(self, ())


def parse(given: Any) -> ResponsesRequest:
    """Read a request. Raises ApiError for what is no such request."""
    request = sampled(given, ResponsesRequest)
    if request.input is None and not (request.previous_response_id or request.conversation or request.prompt):
        raise missing_parameter("input")
    if request.background and request.store is False:
        message = "background: expected 'store' to be true, as there would be nothing to fetch later"
        raise ApiError(400, message, param="background", code="invalid_value")
    return request


def ask_of(request: ResponsesRequest, earlier: Sequence[InputItem]) -> Ask:
    """Say what is asked. Raises ApiError for items, tools and schemas that do not fit together.

    `earlier` is what was said before, as far as the request refers to it.
    """
    turns = (*_instructions(request), *turns_of((*earlier, *_items(request.input))))
    if not turns:
        raise ApiError(400, "input: expected something that somebody said", param="input")
    wanted = (request.text and request.text.format) or TextFormat()
    if wanted.type == "json_schema" and wanted.name is None:
        raise missing_parameter("text.format.name")
    described = JsonSchema(wanted.name or "", wanted.schema, wanted.strict)
    form, schema = wanted_form(wanted.type, described, "text.format", turns)
    functions = offered_functions(request)
    others = [str(tool["type"]) for tool in request.tools or () if tool["type"] != "function"]
    calling = request.tool_choice, request.parallel_tool_calls
    return Ask(
        turns,
        limit=request.max_output_tokens,
        toolbox=toolbox(functions, *calling, others),
        form=form,
        form_place="text.format",
        schema=schema,
    )


def offered_functions(request: ResponsesRequest) -> dict[str, OfferedFunction]:
    """Return the functions among the tools by their places; the others are never called. Raises ApiError."""
    return {
        f"tools[{index}]": _function(tool, index)
        for index, tool in enumerate(request.tools or ())
        if kind_of(tool, f"tools[{index}]") == "function"
    }


def custom_tools(request: ResponsesRequest) -> frozenset[str]:
    """Name the tools whose input is any text: they are called where a rule or a knob says so."""
    customs = (tool.get("name") for tool in request.tools or () if tool.get("type") == "custom")
    return frozenset(name for name in customs if isinstance(name, str))


def _function(tool: dict[str, Any], index: int) -> OfferedFunction:
    function: OfferedFunction = convert(tool, OfferedFunction, f"tools[{index}]")
    return function


def conversation_key(request: ResponsesRequest) -> str:
    """Return the name of the conversation that a request belongs to, or nothing. Raises ApiError."""
    named = request.conversation
    key = named.get("id") if isinstance(named, dict) else named
    if key is not None and not isinstance(key, str):
        message = f"conversation: expected an id or an object with one, got {shown(named)}"
        raise ApiError(400, message, param="conversation", code="invalid_type")
    return key or ""


def _items(given: str | list[InputItem] | None) -> list[InputItem]:
    return [InputItem(role="user", content=given)] if isinstance(given, str) else given or []


def _instructions(request: ResponsesRequest) -> Iterator[Turn]:
    if request.prompt:
        variables = msgspec.json.encode(request.prompt.variables or {}, order="deterministic").decode()
        yield Turn("developer", f"{request.prompt.id} {variables}")
    if request.instructions:
        yield Turn("system", request.instructions)
