"""Chat completions as DeepSeek, OpenRouter, Mistral, vLLM, llama.cpp and others write them. Pure."""

from mockllm.api.dialects.refusals import refusal_body
from mockllm.api.dialects.servers import SERVERS
from mockllm.api.dialects.speaking import spoken

__all__ = ["SERVERS", "refusal_body", "spoken"]
