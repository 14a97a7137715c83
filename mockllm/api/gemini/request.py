"""The body of `generateContent`, and what it asks for."""

from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from mockllm.api.gemini.contents import Content, turns_of
from mockllm.api.gemini.schemas import json_schema
from mockllm.api.reading import Function, JsonSchema, Mock, Model, Naming, toolbox, wanted_form
from mockllm.values import ApiError, Ask, Form, Toolbox, Turn

_NAMING = Naming(
    choice="tool_config.function_calling_config",
    # google-genai says so of `FunctionDeclaration.name`.
    signs="_.:-",
    longest=128,
)


class FunctionDeclaration(Struct, rename="camel"):
    """A function that may be called."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    parameters_json_schema: dict[str, Any] | None = None


class Tool(Struct, rename="camel"):
    """Tools on offer; those that are no functions run at Google and are never called here."""

    function_declarations: list[FunctionDeclaration] = []


class FunctionCallingConfig(Struct, rename="camel"):
    """How free the model is to call a function."""

    mode: Literal["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"] = "AUTO"
    allowed_function_names: list[str] = []


class ToolConfig(Struct, rename="camel"):
    """How tools are used."""

    function_calling_config: FunctionCallingConfig | None = None


class ThinkingConfig(Struct, rename="camel"):
    """Whether the model thinks, and whether it lets it be seen."""

    include_thoughts: bool | None = None
    thinking_budget: Annotated[int, Meta(ge=-1)] | None = None
    thinking_level: str | None = None


class GenerationConfig(Struct, rename="camel"):
    """How the answer is to be."""

    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_k: Annotated[float, Meta(ge=0)] | None = None
    candidate_count: Annotated[int, Meta(ge=1, le=8)] | None = None
    max_output_tokens: Annotated[int, Meta(ge=1)] | None = None
    stop_sequences: Annotated[list[str], Meta(max_length=5)] = []
    seed: int | None = None
    response_mime_type: Literal["text/plain", "application/json", "text/x.enum"] | None = None
    response_schema: dict[str, Any] | None = None
    response_json_schema: dict[str, Any] | None = None
    # The same, by the name that Google's reference gives beside it.
    older_json_schema: dict[str, Any] | None = field(default=None, name="_responseJsonSchema")
    thinking_config: ThinkingConfig | None = None


class GenerateRequest(Struct, kw_only=True, rename="camel", dict=True):
    """The body, as far as it changes the answer; `model` comes from the path."""

    model: Model
    contents: Annotated[list[Content], Meta(min_length=1)]
    system_instruction: Content | None = None
    tools: list[Tool] = []
    tool_config: ToolConfig | None = None
    generation_config: GenerationConfig | None = None
    mock: Mock | None = None

    @cached_property
    def ask(self) -> Ask:
        """What is asked, found once. Raises ApiError for contents, tools and schemas that do not fit."""
        return _ask(self)

    @property
    def config(self) -> GenerationConfig:
        return self.generation_config or GenerationConfig()

    @property
    def seed(self) -> int | None:
        return self.config.seed

    @property
    def shows_thoughts(self) -> bool:
        thinking = self.config.thinking_config
        return bool(thinking and thinking.include_thoughts)


def _ask(request: GenerateRequest) -> Ask:
    config = request.config
    turns = turns_of(request.contents, request.system_instruction)
    form, schema = _form(config, turns)
    return Ask(
        turns,
        choices=config.candidate_count or 1,
        limit=config.max_output_tokens,
        stop=tuple(config.stop_sequences),
        toolbox=_toolbox(request),
        form=form,
        form_place="generation_config.response_schema",
        schema=schema,
    )


def _form(config: GenerationConfig, turns: tuple[Turn, ...]) -> tuple[Form, dict[str, Any]]:
    told = config.response_json_schema or config.older_json_schema
    schema = told or json_schema(config.response_schema)
    if config.response_mime_type in (None, "text/plain"):
        if schema is None:
            return "text", {}
        message = "response_schema is only supported with response_mime_type application/json or text/x.enum."
        raise ApiError(400, message, param="generation_config.response_schema")
    is_enum = config.response_mime_type == "text/x.enum"
    if is_enum and (schema is None or "enum" not in schema):
        message = "response_mime_type text/x.enum is only supported with an enum in response_schema."
        raise ApiError(400, message, param="generation_config.response_schema")
    if schema is None:
        # Unlike OpenAI's, nothing of it need be said.
        return "json_object", {}
    described = JsonSchema("response", schema)
    form, wanted = wanted_form("json_schema", described, "generation_config.response_schema", turns)
    return "enum" if is_enum else form, wanted


def _toolbox(request: GenerateRequest) -> Toolbox:
    functions = {
        f"tools[{place}].function_declarations[{index}]": _function(each)
        for place, tool in enumerate(request.tools)
        for index, each in enumerate(tool.function_declarations)
    }
    calling = request.tool_config.function_calling_config if request.tool_config else None
    config = calling or FunctionCallingConfig()
    mode: Any = {"ANY": "required", "NONE": "none"}.get(config.mode, "auto")
    if config.allowed_function_names and mode == "required":
        named = [{"type": "function", "name": name} for name in config.allowed_function_names]
        mode = {"type": "allowed_tools", "mode": "required", "tools": named}
    others = ["" for tool in request.tools if not tool.function_declarations]
    return toolbox(functions, mode, True, others, _NAMING)


def _function(declared: FunctionDeclaration) -> Function:
    schema = declared.parameters_json_schema or json_schema(declared.parameters)
    return Function(declared.name, declared.description, schema)
