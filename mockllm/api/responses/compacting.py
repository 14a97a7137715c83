"""`POST /v1/responses/compact`: a conversation made short, as an item that stands for it. Pure."""

from dataclasses import replace

from mockllm.api.answering import count_prompt
from mockllm.api.responses.output import response_key, sealed
from mockllm.api.responses.request import ResponsesRequest
from mockllm.api.wire import JSON_TYPE, Stamp, api_headers, encode
from mockllm.rules import Knobs
from mockllm.values import Reply, whole

_SHORTER = 8


def compact(request: ResponsesRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer, due at the time to first token. Raises ApiError as for a response.

    What the item seals says nothing: sent back, it is taken and not looked at.
    """
    tokens = count_prompt(request.ask)
    written = 1 + tokens // _SHORTER
    body = {
        "id": response_key(stamp),
        "object": "response.compaction",
        "created_at": stamp.created,
        "output": [
            {
                "id": f"cmp_{stamp.part_key('compaction')}",
                "type": "compaction",
                "encrypted_content": sealed(stamp, "compacted"),
            }
        ],
        "usage": {
            "input_tokens": tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens + written,
        },
    }
    at = knobs.pace.ttft_seconds
    return replace(whole(200, api_headers(JSON_TYPE, at, tokens), encode(body), at), said_in="input")
