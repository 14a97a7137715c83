"""What servers say as they refuse, after their documentation and their users' reports → our codes."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import openai
import pytest

from webapp.upstream.failures import translated

REFUSALS = (
    ("xai: too long", 400, {"error": {"message": "This model's maximum prompt length is 131072 but the request contains 200000 tokens.", "code": "invalid-argument"}}, "context_length_exceeded"),
    ("xai: error is a string, code beside", 400, {"code": "Client specified an invalid argument", "error": "This model's maximum prompt length is 131072 but the request contains 200000 tokens."}, "context_length_exceeded"),
    ("xai: unknown model", 404, {"code": "Some requested entity was not found", "error": "The model grok-x does not exist or your team t does not have access to it."}, "upstream_model_unknown"),
    ("xai: wrong key is a 400", 400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: ab***yz. You can obtain an API key from https://console.x.ai."}, "upstream_key_refused"),
    ("gemini: wrong key is a 400 in a list", 400, [{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}}], "upstream_key_refused"),
    ("gemini: quota", 429, [{"error": {"code": 429, "message": "You exceeded your current quota, please check your plan and billing details.", "status": "RESOURCE_EXHAUSTED"}}], "upstream_quota_exceeded"),
    ("gemini: too long", 400, {"error": {"message": "Input token count (9) exceeds the maximum number of tokens allowed (8).", "code": 400}}, "context_length_exceeded"),
    ("groq: 413", 413, {"error": {"message": "Request too large for model `m` in organization `o` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.", "type": "tokens", "code": "rate_limit_exceeded"}}, "context_length_exceeded"),
    ("groq: 498 capacity", 498, {"error": {"message": "Flex tier capacity exceeded", "code": "capacity_exceeded"}}, "upstream_overloaded"),
    ("github models: tokens_limit_reached", 413, {"error": {"code": "tokens_limit_reached", "message": "Request body too large for m model. Max size: 8000 tokens.", "details": "x"}}, "context_length_exceeded"),
    ("openrouter: moderation is a 403", 403, {"error": {"message": "m requires moderation on p. Your input was flagged for \"x\"", "code": 403, "metadata": {"reasons": ["x"], "flagged_input": "..."}}}, "content_filtered"),
    ("openrouter: no endpoints", 404, {"error": {"message": "No endpoints found matching your data policy.", "code": 404}}, "upstream_model_unknown"),
    ("openrouter: credits", 402, {"error": {"message": "This request requires more credits, or fewer max_tokens.", "code": 402}}, "upstream_quota_exceeded"),
    ("openrouter: no model id", 400, {"error": {"message": "m is not a valid model ID", "code": 400}}, "upstream_model_unknown"),
    ("mistral: too long", 400, {"object": "error", "message": "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", "type": "invalid_request_prompt", "param": None, "code": "3051"}, "context_length_exceeded"),
    ("mistral: invalid model", 400, {"object": "error", "message": "Invalid model: m", "type": "invalid_model", "param": None, "code": "1500"}, "upstream_model_unknown"),
    ("mistral: unauthorized", 401, {"detail": "Unauthorized"}, "upstream_key_refused"),
    ("mistral: capacity", 429, {"object": "error", "message": "Service tier capacity exceeded for this model.", "type": "service_tier_capacity_exceeded", "code": "3505"}, "upstream_overloaded"),
    ("dashscope: input length", 400, {"code": "InvalidParameter", "message": "Range of input length should be [1, 30720]"}, "context_length_exceeded"),
    ("dashscope: inspection", 400, {"error": {"code": "data_inspection_failed", "message": "Output data may contain inappropriate content.", "type": "data_inspection_failed"}}, "content_filtered"),
    ("dashscope: arrearage", 400, {"error": {"code": "Arrearage", "message": "Access denied, please make sure your account is in good standing.", "type": "Arrearage"}}, "upstream_quota_exceeded"),
    ("moonshot: token limit", 400, {"error": {"message": "Invalid request: Your request exceeded model token limit: 8192", "type": "invalid_request_error"}}, "context_length_exceeded"),
    ("moonshot: high risk", 400, {"error": {"message": "The request was rejected because it was considered high risk", "type": "content_filter"}}, "content_filtered"),
    ("moonshot: overloaded", 429, {"error": {"message": "The engine is currently overloaded, please try again later", "type": "engine_overloaded_error"}}, "upstream_overloaded"),
    ("moonshot: quota", 429, {"error": {"message": "Your account has been suspended due to insufficient balance", "type": "exceeded_current_quota_error"}}, "upstream_quota_exceeded"),
    ("zhipu: 1301", 429, {"error": {"code": "1301", "message": "系统检测到输入或生成内容可能包含不安全或敏感内容"}}, "content_filtered"),
    ("zhipu: 1113 arrears", 429, {"error": {"code": "1113", "message": "您的账户已欠费，请充值后重试"}}, "upstream_quota_exceeded"),
    ("zhipu: 1261 too long", 400, {"error": {"code": "1261", "message": "Prompt 超长"}}, "context_length_exceeded"),
    ("zhipu: 1211 model", 400, {"error": {"code": "1211", "message": "模型不存在，请检查模型代码"}}, "upstream_model_unknown"),
    ("azure: prompt filter", 400, {"error": {"message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", "code": "content_filter", "status": 400, "innererror": {"code": "ResponsibleAIPolicyViolation"}}}, "content_filtered"),
    ("azure: token", 401, {"statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect, or have expired."}, "upstream_key_refused"),
    ("azure: resource not found", 404, {"error": {"code": "404", "message": "Resource not found"}}, "upstream_not_found"),
    ("azure ai: unknown model", 400, {"error": {"code": "unknown_model", "message": "Unknown model: m"}}, "upstream_model_unknown"),
    ("424", 424, {"error": {"message": "Failed dependency"}}, "upstream_refused"),
    ("litellm: context as a 500", 500, {"error": {"message": "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAIException", "type": None, "param": None, "code": "400"}}, "context_length_exceeded"),
    ("litellm: invalid model name", 400, {"error": {"message": "/chat/completions: Invalid model name passed in model=m. Call `/v1/models` to view available models for your key.", "type": None, "param": None, "code": "400"}}, "upstream_model_unknown"),
    ("baidu: limit of a day", 400, {"error_code": 17, "error_msg": "Open api daily request limit reached"}, "upstream_rate_limited"),
    ("baidu: too long", 400, {"error_code": 336007, "error_msg": "the max input characters is 4800"}, "context_length_exceeded"),
    ("baidu: token", 400, {"error_code": 110, "error_msg": "Access token invalid or no longer valid"}, "upstream_key_refused"),
    ("minimax: login", 400, {"base_resp": {"status_code": 1004, "status_msg": "login fail: Please carry the API secret key in the 'Authorization' field of the request header"}}, "upstream_key_refused"),
    ("minimax: token limit", 400, {"base_resp": {"status_code": 1039, "status_msg": "token limit"}}, "context_length_exceeded"),
    ("groq: decommissioned", 400, {"error": {"message": "The model `m` has been decommissioned and is no longer supported.", "code": "model_decommissioned"}}, "upstream_model_unknown"),
    ("portkey: guardrails", 446, {"error": {"message": "The guardrail checks defined in the config failed.", "type": "hooks_failed"}}, "content_filtered"),
    ("new-api: quota of a user", 403, {"error": {"message": "用户额度不足", "type": "new_api_error", "code": "insufficient_user_quota"}}, "upstream_quota_exceeded"),
    ("codes alone", 400, {"error": {"message": "x", "code": "server_is_overloaded"}}, "upstream_overloaded"),
    ("an error in an error's message", 400, {"error": {"message": "{\"error\": {\"message\": \"x\", \"code\": \"model_not_found\"}}"}}, "upstream_model_unknown"),
    ("a list of words", 400, {"error": ["Invalid API key"]}, "upstream_key_refused"),
    ("a redirect without a place", 307, {}, "upstream_not_an_api"),
    ("litellm: budget", 400, {"error": {"message": "Budget has been exceeded! Current cost: 1.0, Max budget: 0.5", "type": "budget_exceeded", "code": "400"}}, "upstream_quota_exceeded"),
    ("litellm: cooldown", 429, {"error": {"message": "No deployments available for selected model, Try again in 5 seconds.", "type": "None", "code": "429"}}, "upstream_rate_limited"),
    ("ollama: not pulled", 404, {"error": {"message": "model \"m\" not found, try pulling it first", "type": "api_error", "code": None}}, "upstream_model_unknown"),
    ("ollama: busy", 503, {"error": {"message": "server busy, please try again.  maximum pending requests exceeded", "type": "api_error"}}, "upstream_overloaded"),
    ("lm studio: none loaded", 400, {"error": "No models loaded. Please load a model in the developer page or use the 'lms load' command."}, "upstream_model_unknown"),
    ("lm studio: model", 404, {"error": {"message": "Model \"m\" not found. Please load it first"}}, "upstream_model_unknown"),
    ("cloudflare: window", 400, {"errors": [{"message": "AiError: The estimated number of input and maximum output tokens (9000) exceeded this model context window limit (8192).", "code": 5021}], "success": False, "result": {}, "messages": []}, "context_length_exceeded"),
    ("cloudflare: route", 400, {"errors": [{"message": "No route for that URI", "code": 7000}], "success": False, "result": None, "messages": []}, "upstream_not_an_api"),
    ("cloudflare: neurons", 429, {"errors": [{"message": "you have used up your daily free allocation of 10,000 neurons, please upgrade", "code": 4006}], "success": False}, "upstream_quota_exceeded"),
    ("tgi: 422 validation", 422, {"error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2100 `inputs` tokens and 20 `max_new_tokens`", "error_type": "validation"}, "context_length_exceeded"),
    ("tgi: overloaded 429", 429, {"error": "Model is overloaded", "error_type": "overloaded"}, "upstream_overloaded"),
    ("tgi: 424", 424, {"error": "Incomplete generation", "error_type": "Incomplete generation"}, "upstream_refused"),
    ("cohere: too many tokens", 400, {"message": "too many tokens: total number of tokens in the prompt cannot exceed 4096 - received 5000."}, "context_length_exceeded"),
    ("cohere: model", 404, {"message": "model 'm' not found, make sure the correct model ID was used"}, "upstream_model_unknown"),
    ("cohere: token", 401, {"message": "invalid api token"}, "upstream_key_refused"),
    ("sglang: longer", 400, {"object": "error", "message": "The input (5000 tokens) is longer than the model's context length (4096 tokens).", "type": "BadRequestError", "code": 400}, "context_length_exceeded"),
    ("vllm: 404 model", 404, {"object": "error", "message": "The model `m` does not exist.", "type": "NotFoundError", "param": None, "code": 404}, "upstream_model_unknown"),
    ("vllm: newest context words", 400, {"error": {"message": "you passed 9000 input tokens and requested 100 output tokens. However, the model's context length is only 8192 tokens, resulting in a maximum input length of 8092 tokens. Please reduce the length of the input prompt.", "type": "BadRequestError", "param": "input_tokens", "code": 400}}, "context_length_exceeded"),
    ("anthropic: limit", 400, {"error": {"message": "input length and `max_tokens` exceed context limit: 190 + 20000 > 200, decrease input length or `max_tokens` and try again", "type": "invalid_request_error"}}, "context_length_exceeded"),
    ("anthropic: credit", 400, {"error": {"message": "Your credit balance is too low to access the Anthropic API.", "type": "invalid_request_error"}}, "upstream_quota_exceeded"),
    ("anthropic: 529", 529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "upstream_overloaded"),
    ("anthropic: not_found_error", 404, {"type": "error", "error": {"type": "not_found_error", "message": "model: m"}}, "upstream_not_found"),
    ("bedrock: identifier", 400, {"message": "The provided model identifier is invalid."}, "upstream_model_unknown"),
    ("bedrock: throttled", 429, {"message": "Too many tokens, please wait before trying again."}, "upstream_rate_limited"),
    ("fastapi detail object", 500, {"detail": {"error": {"message": "Internal", "type": "x"}}}, "upstream_failed"),
    ("fastapi 422", 422, {"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "Field required"}]}, "upstream_refused"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "code"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_what_a_server_means(status: int, body: Any, code: str) -> None:
    request = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
    response = httpx2.Response(status, content=json.dumps(body), request=request)
    client = openai.OpenAI(api_key="k", base_url="http://127.0.0.1/v1")
    error = client._make_status_error_from_response(response)  # as the SDK itself makes it
    assert translated(error, httpx2.Timeout(1)).code == code
