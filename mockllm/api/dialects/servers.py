"""The servers whose dialects are spoken, as their documents and their own sources have them in 2026."""

from typing import Any

from mockllm.api.dialects.dialect import Dialect, Fields
from mockllm.api.wire import encode
from mockllm.values import Failure

_SAFE = {
    name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")
}
_TROUBLE = "The server had an error while processing your request."


def _failed(body: Any) -> Failure:
    return Failure(encode(body), b"data: %b\n\n" % encode(body))


def _deepseek_bill(bill: Fields) -> Fields:
    cached = bill["prompt_tokens_details"]["cached_tokens"]
    left = bill["prompt_tokens"] - cached
    details = {"reasoning_tokens": bill["completion_tokens_details"]["reasoning_tokens"]}
    plain = {name: bill[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
    return {
        **plain,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": details,
        "prompt_cache_hit_tokens": cached,
        "prompt_cache_miss_tokens": left,
    }


def _plain_bill(bill: Fields) -> Fields:
    return {name: bill[name] for name in ("prompt_tokens", "total_tokens", "completion_tokens")}


def _openrouter_thought(thought: str) -> Fields:
    details = [{"type": "reasoning.text", "text": thought, "format": "unknown", "index": 0}]
    return {"reasoning": thought, "reasoning_details": details}


def _mistral_thought(thought: str) -> Fields:
    part = {"type": "thinking", "thinking": [{"type": "text", "text": thought}], "closed": True}
    return {"content": [part]}


def _mistral_message(message: Fields) -> Fields:
    thought, text = message.pop("reasoning_content", None), message["content"]
    if thought is None:
        return message
    parts = _mistral_thought(thought)["content"]
    # Beside calls, or a refusal, there may be no text.
    return {**message, "content": [*parts, *([] if text is None else [{"type": "text", "text": text}])]}


def _told_as(thought: Any) -> Any:
    def told(message: Fields) -> Fields:
        said = message.pop("reasoning_content", None)
        return message if said is None else {**message, **thought(said)}

    return told


SERVERS: dict[str, Dialect] = {
    "deepseek": Dialect(
        in_delta={"reasoning_content": None}, bill=_deepseek_bill, usage="finish", waiting=b": keep-alive\n\n"
    ),
    "openrouter": Dialect(
        drops=("service_tier", "obfuscation", "system_fingerprint"),
        adds={"provider": "Mock"},
        in_choice={"native_finish_reason": None},
        in_delta={"role": "assistant"},
        thought=_openrouter_thought,
        message=_told_as(_openrouter_thought),
        bill=lambda bill: {**bill, "cost": 0.0, "is_byok": False},
        usage="behind",
        waiting=b": OPENROUTER PROCESSING\n\n",
        failure=_failed(
            {
                "id": "gen-mock",
                "object": "chat.completion.chunk",
                "created": 1_760_000_000,
                "model": "mock",
                "provider": "Mock",
                "error": {"code": 502, "message": "Provider disconnected unexpectedly"},
                "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
            }
        ),
    ),
    "mistral": Dialect(
        drops=("service_tier", "obfuscation", "system_fingerprint"),
        adds={"p": "abcdefgh"},
        thought=_mistral_thought,
        message=_mistral_message,
        bill=_plain_bill,
        usage="finish",
        calls_whole=True,
        failure=_failed(
            {"object": "error", "message": _TROUBLE, "type": "internal_server_error", "code": "1000"}
        ),
    ),
    "vllm": Dialect(
        drops=("service_tier", "obfuscation", "system_fingerprint"),
        in_finish={"stop_reason": None, "token_ids": None},
        thought=lambda thought: {"reasoning": thought},
        message=_told_as(lambda thought: {"reasoning": thought}),
        bill=_plain_bill,
        failure=_failed(
            {"error": {"message": _TROUBLE, "type": "InternalServerError", "param": None, "code": 500}}
        ),
    ),
    "llamacpp": Dialect(
        drops=("service_tier", "obfuscation"),
        adds={"timings": {"prompt_n": 1, "prompt_ms": 1.0, "predicted_n": 1, "predicted_ms": 1.0}},
        bill=_plain_bill,
        failure=_failed({"error": {"code": 500, "message": _TROUBLE, "type": "server_error"}}),
    ),
    "azure": Dialect(
        drops=("service_tier",),
        in_choice={"content_filter_results": {}},
        opening=(
            {
                "choices": [],
                "created": 0,
                "id": "",
                "model": "",
                "object": "",
                "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _SAFE}],
            },
        ),
        failure=_failed({"error": {"code": "InternalServerError", "message": _TROUBLE}}),
    ),
    "perplexity": Dialect(
        drops=("service_tier", "obfuscation", "system_fingerprint"),
        adds={"citations": ["https://example.com/"]},
        bill=lambda bill: {**_plain_bill(bill), "search_context_size": "low"},
        usage="every",
    ),
}
