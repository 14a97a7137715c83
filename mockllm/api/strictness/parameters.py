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

PARAMETERS: dict[str, frozenset[str]] = {
    "/v1/chat/completions": frozenset(_CHAT.split()),
    "/v1/responses": frozenset(_RESPONSES.split()),
    "/v1/completions": frozenset(_COMPLETIONS.split()),
    "/v1/embeddings": frozenset(["dimensions", "encoding_format", "input", "model", "user"]),
    "/v1/messages": frozenset(_MESSAGES.split()),
}

_CONTENT = "messages[].content[]"
NESTED: dict[str, dict[str, frozenset[str]]] = {
    path: {place: frozenset(names.split()) for place, names in places.items()}
    for path, places in {
        "/v1/chat/completions": {
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
        },
        "/v1/responses": {
            "stream_options": "include_obfuscation",
            "prompt": "id variables version",
            "reasoning": "context effort generate_summary mode summary",
            "text": "format verbosity",
            "text.format": "description name schema strict type",
        },
    }.items()
}
"""What objects within a body may hold, whatever kind of message or part; tools of OpenAI's own aside."""
