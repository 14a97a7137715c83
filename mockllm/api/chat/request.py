"""The body of `POST /v1/chat/completions`, and what it asks for."""

from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mockllm.api.chat.messages import Message, turns_of
from mockllm.api.reading import (
    Count,
    Function,
    JsonSchema,
    Metadata,
    Model,
    Stopped,
    missing_parameter,
    sampled,
    toolbox,
    wanted_form,
)
from mockllm.values import ApiError, Ask, Turn


class CustomTool(Struct):
    """What a tool is called whose input is any text."""

    name: str


class OfferedTool(Struct):
    """A tool on offer; those of type `custom` are called only where a rule or a knob says so."""

    type: str
    function: Function | None = None
    custom: CustomTool | None = None


class ResponseFormat(Struct):
    """The form of the answer."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None


class ChatRequest(Stopped, dict=True):
    """The body, as far as it changes the answer."""

    model: Model
    messages: Annotated[list[Message], Meta(min_length=1)]
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    tools: list[OfferedTool] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None
    modalities: list[str] | None = None
    functions: Any = None
    function_call: Any = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None = None
    store: bool | None = None
    metadata: Metadata | None = None
    reasoning_effort: str | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    prediction: dict[str, Any] | None = None
    audio: dict[str, Any] | None = None
    web_search_options: dict[str, Any] | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """What was said so far. Raises ApiError for messages that contradict each other."""
        return turns_of(self.messages)

    @cached_property
    def ask(self) -> Ask:
        """What is asked, found once. Raises ApiError for messages, tools and schemas that do not fit."""
        return _ask(self)


def parse(given: Any) -> ChatRequest:
    """Read a request. Raises ApiError for what is no such request."""
    request = sampled(given, ChatRequest)
    if request.top_logprobs is not None and not request.logprobs:
        message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."
        raise ApiError(400, message, param="top_logprobs", code="invalid_value")
    if request.modalities not in (None, ["text"]):
        message = f"modalities: this server writes text only, got {request.modalities}"
        raise ApiError(400, message, param="modalities", code="invalid_value")
    for name in ("functions", "function_call"):
        if getattr(request, name) is not None:
            message = f"{name}: OpenAI replaced it by tools and tool_choice, which this server takes"
            raise ApiError(400, message, param=name, code="unsupported_parameter")
    return request


def _ask(request: ChatRequest) -> Ask:
    turns = request.turns
    wanted = request.response_format or ResponseFormat("text")
    form, schema = wanted_form(wanted.type, wanted.json_schema, "response_format", turns)
    limit = request.max_completion_tokens or request.max_tokens
    functions = {
        f"tools[{index}].function": _function(tool, index)
        for index, tool in enumerate(request.tools or ())
        if tool.type == "function"
    }
    others = [tool.type for tool in request.tools or () if tool.type != "function"]
    calling = request.tool_choice, request.parallel_tool_calls
    return Ask(
        turns,
        choices=request.n or 1,
        limit=limit,
        least=request.least_tokens(limit),
        stop=request.stop_words,
        toolbox=toolbox(functions, *calling, others),
        form=form,
        form_place="response_format",
        schema=schema,
    )


def custom_tools(request: ChatRequest) -> frozenset[str]:
    """Name the tools whose input is any text."""
    return frozenset(tool.custom.name for tool in request.tools or () if tool.custom)


def _function(tool: OfferedTool, index: int) -> Function:
    if tool.function is None:
        raise missing_parameter(f"tools[{index}].function")
    return tool.function
