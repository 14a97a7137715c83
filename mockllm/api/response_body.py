"""The response object and its output items. Pure."""

from dataclasses import dataclass
from typing import Any

import msgspec

from mockllm.api.responses_request import LOGPROBS, ResponsesRequest, TextFormat, TextOptions
from mockllm.completion import Choice, Completion, Part
from mockllm.logprobs import TokenLogprobs, logprobs_of
from mockllm.wire import Stamp

_PREFIXES = {"reasoning": "rs", "content": "msg", "refusal": "msg", "call": "fc"}


@dataclass(frozen=True, slots=True)
class Output:
    """What is needed to write the output of one response."""

    stamp: Stamp
    seed: int
    alternatives: int | None
    summarizes: bool

    def key(self, index: int, part: Part) -> str:
        return f"{_PREFIXES[part.kind]}_{self.stamp.part_key('item', index)}"

    def item(self, index: int, part: Part, status: str) -> dict[str, Any]:
        """Write an item as it is when nothing more is added to it."""
        begun = self.begun(index, part)
        if part.kind == "reasoning":
            return {**begun, "summary": [summary_text(part.text)] if self.summarizes else []}
        if part.kind == "call":
            return {**begun, "status": status, "arguments": part.text}
        return {**begun, "status": status, "content": [self.content(part)]}

    def begun(self, index: int, part: Part) -> dict[str, Any]:
        """Write an item as it is before its first token."""
        key = self.key(index, part)
        if part.kind == "reasoning":
            return {"id": key, "type": "reasoning", "summary": []}
        if part.kind == "call":
            return {
                "id": key,
                "type": "function_call",
                "status": "in_progress",
                "arguments": "",
                "call_id": f"call_{self.stamp.part_key('call', 0, index)}",
                "name": part.name,
            }
        return {"id": key, "type": "message", "status": "in_progress", "content": [], "role": "assistant"}

    def content(self, part: Part) -> dict[str, Any]:
        if part.kind == "refusal":
            return {"type": "refusal", "refusal": part.text}
        rated = [_full(each) for each in self.rated(part)]
        return {"type": "output_text", "annotations": [], "logprobs": rated, "text": part.text}

    def rated(self, part: Part) -> list[TokenLogprobs]:
        """Rate the tokens of a text, if that was asked for."""
        if self.alternatives is None or part.kind != "content":
            return []
        return logprobs_of(part.tokens, self.seed, self.alternatives)


def output_of(request: ResponsesRequest, stamp: Stamp, seed: int) -> Output:
    wants_logprobs = LOGPROBS in (request.include or ()) or request.top_logprobs is not None
    return Output(
        stamp,
        seed,
        (request.top_logprobs or 0) if wants_logprobs else None,
        summarizes=bool(request.reasoning and request.reasoning.summary),
    )


def items_of(choice: Choice, output: Output) -> list[dict[str, Any]]:
    last = len(choice.parts) - 1
    ended = {"length": "incomplete", "content_filter": "incomplete"}.get(choice.finish_reason, "completed")
    return [
        output.item(index, part, ended if index == last else "completed")
        for index, part in enumerate(choice.parts)
    ]


def unfinished(request: ResponsesRequest, stamp: Stamp) -> dict[str, Any]:
    """Write the response as it is while it is made, with what OpenAI repeats of the request."""
    return {
        "id": f"resp_{stamp.key[:48]}",
        "object": "response",
        "created_at": stamp.created,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": request.max_tool_calls,
        "model": stamp.model,
        "output": [],
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "previous_response_id": None,
        "prompt_cache_key": request.prompt_cache_key,
        "reasoning": _reasoning(request),
        "safety_identifier": request.safety_identifier,
        "service_tier": stamp.service_tier,
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
        "incomplete_details": {"reason": reason} if reason else None,
        "output": items_of(choice, output),
        "usage": _usage(completion),
    }


def summary_text(text: str) -> dict[str, str]:
    return {"type": "summary_text", "text": text}


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


def _tool(tool: Any) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(tool)
    return {**fields, "strict": tool.strict is not False}


def _full(rated: TokenLogprobs) -> dict[str, Any]:
    chosen, *top = [
        {"token": each.token, "bytes": list(each.token.encode()), "logprob": each.value}
        for each in (rated.chosen, *rated.top)
    ]
    return {**chosen, "top_logprobs": top}
