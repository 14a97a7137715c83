"""The response object: what it repeats of the request, and what was made of it. Pure."""

from typing import Any

import msgspec

from mockllm.api.responses.output import Output, items_of, response_key
from mockllm.api.responses.request import (
    ENCRYPTED,
    LOGPROBS,
    SOURCES,
    ResponsesRequest,
    TextFormat,
    TextOptions,
    conversation_key,
    custom_tools,
)
from mockllm.api.wire import Stamp
from mockllm.values import Completion, Search


def output_of(request: ResponsesRequest, stamp: Stamp, seed: int, search: Search | None) -> Output:
    wants_logprobs = LOGPROBS in (request.include or ()) or request.top_logprobs is not None
    return Output(
        stamp,
        seed,
        (request.top_logprobs or 0) if wants_logprobs else None,
        summarizes=bool(request.reasoning and request.reasoning.summary),
        encrypts=ENCRYPTED in (request.include or ()),
        customs=custom_tools(request),
        search=search,
        shows_sources=SOURCES in (request.include or ()),
    )


def unfinished(request: ResponsesRequest, stamp: Stamp) -> dict[str, Any]:
    """Write the response as it is while it is made, with what OpenAI repeats of the request."""
    key = conversation_key(request)
    return {
        "id": response_key(stamp),
        "object": "response",
        "created_at": stamp.created,
        "status": "in_progress",
        "completed_at": None,
        "background": bool(request.background),
        "conversation": {"id": key} if key else None,
        "error": None,
        "incomplete_details": None,
        "instructions": request.instructions,
        "frequency_penalty": request.frequency_penalty or 0.0,
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": request.max_tool_calls,
        "model": stamp.model,
        "output": [],
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "presence_penalty": request.presence_penalty or 0.0,
        "previous_response_id": request.previous_response_id,
        "prompt": _prompt(request),
        "prompt_cache_key": request.prompt_cache_key,
        "reasoning": _reasoning(request),
        "safety_identifier": request.safety_identifier,
        "service_tier": stamp.service_tier,
        "store": request.store is not False,
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "text": _text(request),
        "tool_choice": "auto" if request.tool_choice is None else request.tool_choice,
        "tools": [_tool(tool) for tool in request.tools or ()],
        "top_logprobs": request.top_logprobs or 0,
        "top_p": 1.0 if request.top_p is None else request.top_p,
        "truncation": request.truncation or "disabled",
        "usage": None,
        "user": request.user,
        "metadata": request.metadata or {},
    }


def finished(begun: dict[str, Any], completion: Completion, output: Output) -> dict[str, Any]:
    choice = completion.choices[0]
    reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(choice.finish_reason)
    return {
        **begun,
        "status": "incomplete" if reason else "completed",
        # Derived as the beginning is: 50 tokens a second, whatever the pace is.
        "completed_at": None if reason else begun["created_at"] + 1 + completion.completion_tokens // 50,
        "incomplete_details": {"reason": reason} if reason else None,
        "output": items_of(choice, output),
        "usage": _usage(completion),
    }


def _usage(completion: Completion) -> dict[str, Any]:
    return {
        "input_tokens": completion.prompt_tokens,
        "input_tokens_details": {"cached_tokens": completion.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": completion.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": completion.reasoning_tokens},
        "total_tokens": completion.prompt_tokens + completion.completion_tokens,
    }


def _reasoning(request: ResponsesRequest) -> dict[str, Any]:
    asked = request.reasoning
    return {"effort": asked.effort if asked else None, "summary": asked.summary if asked else None}


def _text(request: ResponsesRequest) -> dict[str, Any]:
    options = request.text or TextOptions()
    wanted = options.format or TextFormat()
    shown: dict[str, Any] = {"type": wanted.type}
    if wanted.type == "json_schema":
        shown |= {"description": wanted.description, "name": wanted.name, "schema": wanted.schema}
        shown["strict"] = bool(wanted.strict)
    return {"format": shown, "verbosity": options.verbosity or "medium"}


def _prompt(request: ResponsesRequest) -> dict[str, Any] | None:
    return None if request.prompt is None else msgspec.structs.asdict(request.prompt)


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    if tool.get("type") != "function":
        return tool
    fields = {name: tool.get(name) for name in ("name", "description", "parameters")}
    return {"type": "function", **fields, "strict": tool.get("strict") is not False}
