"""The body of `POST /v1/messages`, and what it asks for."""

from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mockllm.api.anthropic.blocks import Block, Message, turns_of
from mockllm.api.reading import (
    Function,
    JsonSchema,
    Mock,
    Model,
    Naming,
    Share,
    missing_parameter,
    request_of,
    toolbox,
    wanted_form,
)
from mockllm.values import ApiError, Ask, Toolbox, Turn

_LEAST_BUDGET = 1024
_CALLABLE = (None, "custom")
_NAMING = Naming(schema="input_schema")


class Tool(Struct):
    """A tool on offer; only those without a type, or of type `custom`, are ever called.

    All but a set of MCP's tools have a name.
    """

    name: str | None = None
    type: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    strict: bool | None = None
    cache_control: Any = None


class ToolChoice(Struct):
    """How free the model is to call a tool."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class Thinking(Struct):
    """Whether the model thinks before it answers, and whether it lets it be seen."""

    type: Literal["enabled", "disabled", "adaptive", "between_tools"]
    budget_tokens: int | None = None
    display: Literal["summarized", "omitted"] | None = None


class OutputFormat(Struct):
    """The form of the answer's text."""

    type: Literal["json_schema"]
    schema: dict[str, Any]


class OutputConfig(Struct):
    """How the answer is to be."""

    format: OutputFormat | None = None
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None


class MessagesRequest(Struct, kw_only=True, dict=True):
    """The body, as far as it changes the answer."""

    model: Model
    messages: Annotated[list[Message], Meta(min_length=1)]
    max_tokens: Annotated[int, Meta(ge=1)] | None = None
    system: str | list[Block] | None = None
    stream: bool | None = None
    stop_sequences: list[str] | None = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    thinking: Thinking | None = None
    output_config: OutputConfig | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Meta(ge=0)] | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    cache_control: Any = None
    mock: Mock | None = None

    @cached_property
    def ask(self) -> Ask:
        """What is asked, found once. Raises ApiError for blocks, tools and schemas that do not fit."""
        return _ask(self)


def parse(given: Any) -> MessagesRequest:
    """Read a request. Raises ApiError for what is no such request."""
    request = request_of(given, MessagesRequest)
    if request.max_tokens is None:
        raise missing_parameter("max_tokens")
    _check_budget(request.thinking, request.max_tokens)
    return request


def parse_count(given: Any) -> MessagesRequest:
    """Read a request to count tokens, which has no `max_tokens`. Raises ApiError."""
    return request_of(given, MessagesRequest)


def _ask(request: MessagesRequest) -> Ask:
    turns = turns_of(request.messages, request.system)
    form, schema = _form(request, turns)
    return Ask(
        turns,
        limit=request.max_tokens,
        stop=tuple(request.stop_sequences or ()),
        toolbox=_toolbox(request),
        form=form,
        form_place="output_config.format",
        schema=schema,
    )


def thinks(request: MessagesRequest) -> bool:
    return request.thinking is not None and request.thinking.type != "disabled"


def caches(request: MessagesRequest) -> bool:
    """Whether anything of the prompt is marked for the cache: without a mark nothing is cached."""
    blocks = [block for message in request.messages for block in message.blocks]
    blocks += request.system if isinstance(request.system, list) else []
    marked = (*blocks, *(request.tools or ()), request)
    return any(each.cache_control is not None for each in marked)


def _check_budget(thinking: Thinking | None, limit: int) -> None:
    if thinking is None or thinking.type != "enabled":
        return
    where = "thinking.enabled.budget_tokens"
    if thinking.budget_tokens is None:
        raise missing_parameter(where)
    if thinking.budget_tokens < _LEAST_BUDGET:
        message = f"{where}: expected at least {_LEAST_BUDGET}, got {thinking.budget_tokens}"
        raise ApiError(400, message, param=where)
    if thinking.budget_tokens >= limit:
        message = f"{where}: expected less than max_tokens, which is {limit}, got {thinking.budget_tokens}"
        raise ApiError(400, message, param=where)


def _form(request: MessagesRequest, turns: tuple[Turn, ...]) -> tuple[Any, dict[str, Any]]:
    wanted = request.output_config.format if request.output_config else None
    if wanted is None:
        return "text", {}
    described = JsonSchema("output", wanted.schema, strict=True)
    return wanted_form("json_schema", described, "output_config.format", turns)


def _toolbox(request: MessagesRequest) -> Toolbox:
    tools = request.tools or ()
    numbered = [(f"tools.{index}.custom", tool) for index, tool in enumerate(tools) if tool.type in _CALLABLE]
    functions = {where: _function(tool, where) for where, tool in numbered}
    others = [tool.name or "" for tool in tools if tool.type not in _CALLABLE]
    choice = request.tool_choice or ToolChoice("auto")
    if choice.type == "tool" and choice.name is None:
        raise missing_parameter("tool_choice.tool.name")
    written: Any = {
        "any": "required",
        "tool": {"type": "function", "function": {"name": choice.name}},
    }.get(choice.type, choice.type)
    return toolbox(functions, written, not choice.disable_parallel_tool_use, others, _NAMING)


def _function(tool: Tool, where: str) -> Function:
    for field in ("name", "input_schema"):
        if getattr(tool, field) is None:
            raise missing_parameter(f"{where}.{field}")
    return Function(tool.name or "", tool.description, tool.input_schema, tool.strict)
