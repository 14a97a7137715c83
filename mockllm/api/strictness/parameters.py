"""The parameters that each API knows, as its own client sends them (openai 3.54, anthropic 2.14)."""

_CHAT = """
    audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
    messages metadata modalities model moderation n parallel_tool_calls prediction presence_penalty
    prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format
    safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools
    top_logprobs top_p user verbosity web_search_options
"""
_RESPONSES = """
    access_programs background background_options context_management conversation image include input
    instructions max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls
    previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning
    safety_identifier service_tier store stream stream_options temperature text tool_choice tools
    top_logprobs top_p truncation user
"""
_COMPLETIONS = """
    best_of echo frequency_penalty logit_bias logprobs max_tokens model n presence_penalty prompt seed
    stop stream stream_options suffix temperature top_p user
"""
_MESSAGES = """
    cache_control container diagnostics inference_geo max_tokens mcp_servers messages metadata model
    output_config service_tier speed stop_sequences stream system temperature thinking tool_choice tools
    top_k top_p user_profile_id workspace_id
"""
_COUNT_TOKENS = """
    cache_control mcp_servers messages model output_config speed system thinking tool_choice tools
    user_profile_id workspace_id
"""
_COMPACT = """
    image input instructions model previous_response_id prompt_cache_key prompt_cache_options
    prompt_cache_retention service_tier
"""
_INPUT_TOKENS = """
    conversation input instructions model parallel_tool_calls personality previous_response_id reasoning text
    tool_choice tools truncation
"""
CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
COUNT_TOKENS, COMPACT, INPUT_TOKENS = (
    f"{MESSAGES}/count_tokens",
    f"{RESPONSES}/compact",
    f"{RESPONSES}/input_tokens",
)
MODERATIONS, CONVERSATIONS = "/v1/moderations", "/v1/conversations"

PARAMETERS: dict[str, frozenset[str]] = {
    CHAT: frozenset(_CHAT.split()),
    RESPONSES: frozenset(_RESPONSES.split()),
    "/v1/completions": frozenset(_COMPLETIONS.split()),
    "/v1/embeddings": frozenset(["dimensions", "encoding_format", "input", "model", "user"]),
    MESSAGES: frozenset(_MESSAGES.split()),
    COUNT_TOKENS: frozenset(_COUNT_TOKENS.split()),
    COMPACT: frozenset(_COMPACT.split()),
    INPUT_TOKENS: frozenset(_INPUT_TOKENS.split()),
    MODERATIONS: frozenset(["input", "model"]),
    CONVERSATIONS: frozenset(["items", "metadata"]),
    f"{CONVERSATIONS}/<key>": frozenset(["metadata"]),
    f"{CONVERSATIONS}/<key>/items": frozenset(["include", "items"]),
    f"{CHAT}/<key>": frozenset(["metadata"]),
}
"""By path; one that names what was kept has `<key>` in the name's place."""

_CONTENT = "messages[].content[]"
_FUNCTION = "allowed_callers async defer_loading description name output_schema parameters strict type"
_CALL = "async call_id caller id name namespace status type"
_RESULT = "call_id caller id name namespace output status type"
_TEXT = "cache_control citations text type"
NESTED: dict[str, dict[str, frozenset[str]]] = {
    path: {place: frozenset(names.split()) for place, names in places.items()}
    for path, places in {
        CHAT: {
            "stream_options": "include_obfuscation include_usage",
            "response_format": "json_schema type",
            "response_format.json_schema": "description name schema strict",
            "tools[]": "custom function type",
            "tools[].function": "description name parameters strict",
            "messages[]": "audio content function_call name refusal role tool_call_id tool_calls",
            _CONTENT: "file image_url input_audio prompt_cache_breakpoint refusal text type",
            f"{_CONTENT}.file": "file_data file_id filename",
            f"{_CONTENT}.image_url": "detail url",
            f"{_CONTENT}.input_audio": "data format",
            "messages[].tool_calls[]": "custom function id type",
            "messages[].tool_calls[].function": "arguments name",
            "messages[].tool_calls[].custom": "input name",
        },
        RESPONSES: {
            "stream_options": "include_obfuscation",
            "prompt": "id variables version",
            "reasoning": "context effort generate_summary mode summary",
            "text": "format verbosity",
            "text.format": "description name schema strict type",
            "tools[]=function": _FUNCTION,
            "tools[]=custom": "allowed_callers async defer_loading description format name type",
            "input[]=message": "content id phase role status type",
            "input[]=function_call": _CALL + " arguments",
            "input[]=function_call_output": _RESULT,
            "input[]=custom_tool_call": _CALL + " input",
            "input[]=custom_tool_call_output": _RESULT,
            "input[]=reasoning": "content encrypted_content id status summary type",
            "input[]=item_reference": "id type",
            "input[].content[]=input_text": "prompt_cache_breakpoint text type",
            "input[].content[]=output_text": "annotations logprobs text type",
            "input[].content[]=refusal": "refusal type",
            "input[].content[]=input_image": "detail file_id image_url prompt_cache_breakpoint type",
            "input[].content[]=input_file": (
                "detail file_data file_id file_url filename prompt_cache_breakpoint type"
            ),
        },
        MESSAGES: {
            "metadata": "user_id",
            "output_config": "effort format task_budget",
            "output_config.format": "schema type",
            "thinking": "block_policy budget_tokens display type",
            "tool_choice": "disable_parallel_tool_use name type",
            "tools[]=custom": (
                "allowed_callers cache_control defer_loading description eager_input_streaming "
                "input_examples input_schema name strict type"
            ),
            "system[]=text": _TEXT,
            "messages[]": "content role",
            "messages[].content[]=text": _TEXT,
            "messages[].content[]=image": "cache_control source transformations type",
            "messages[].content[]=document": "cache_control citations context source title type",
            "messages[].content[]=search_result": "cache_control citations content source title type",
            "messages[].content[]=thinking": "signature thinking type",
            "messages[].content[]=redacted_thinking": "data type",
            "messages[].content[]=tool_use": "cache_control caller id input name toolset_name type",
            "messages[].content[]=tool_result": (
                "cache_control content is_error tool_use_id toolset_name type"
            ),
        },
    }.items()
}
"""What objects within a body may hold: at a place those of any kind, or those of the type behind the `=`.

A type that stands nowhere here, as those of the vendors' own tools, may hold anything.
"""
_ITEMS = {
    f"items[]{place.removeprefix('input[]')}": names
    for place, names in NESTED[RESPONSES].items()
    if place.startswith("input[]")
}
NESTED |= {
    COMPACT: NESTED[RESPONSES],
    INPUT_TOKENS: NESTED[RESPONSES],
    COUNT_TOKENS: NESTED[MESSAGES],
    MODERATIONS: {
        "input[]": frozenset(["image_url", "text", "type"]),
        "input[].image_url": frozenset(["url"]),
    },
    CONVERSATIONS: _ITEMS,
    f"{CONVERSATIONS}/<key>/items": _ITEMS,
}
