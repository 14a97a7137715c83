"""Faults that refuse the request before the first byte, with OpenAI's status, error body and headers."""

import math
from http import HTTPStatus

from mockllm.faults.fault import Fault
from mockllm.values import ApiError, Reply

_INVALID = "invalid_request_error"
_USUAL = {
    401: (_INVALID, "invalid_api_key"),
    403: (_INVALID, "unsupported_country_region_territory"),
    404: (_INVALID, "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def rate_limit(_reply: Reply, fault: Fault) -> Reply:
    """429 with the time to wait, the amount, in seconds and in milliseconds."""
    message = (
        "Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1. "
        f"Please try again in {fault.seconds:g}s."
    )
    headers = (
        ("retry-after", str(math.ceil(fault.seconds))),
        ("retry-after-ms", str(fault.amount)),
        ("x-ratelimit-limit-requests", "500"),
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-reset-requests", f"{fault.amount}ms"),
    )
    raise ApiError(429, message, kind="requests", code="rate_limit_exceeded", headers=headers)


def status(_reply: Reply, fault: Fault) -> Reply:
    """Any refusal by its status, the amount, which says the text."""
    kind, code = _USUAL.get(fault.amount, ("server_error" if fault.amount >= 500 else _INVALID, None))
    try:
        usual = HTTPStatus(fault.amount).phrase
    except ValueError:
        usual = "Refused"
    raise ApiError(fault.amount, f"{usual}.", kind=kind, code=code)


def quota_exceeded(_reply: Reply, _fault: Fault) -> Reply:
    """429 that no waiting cures: the account has no money left."""
    message = "You exceeded your current quota, please check your plan and billing details."
    raise ApiError(429, message, kind="insufficient_quota", code="insufficient_quota")


def server_error(_reply: Reply, _fault: Fault) -> Reply:
    """500, which clients retry."""
    message = "The server had an error while processing your request. Sorry about that!"
    raise ApiError(500, message, kind="server_error")


def overloaded(_reply: Reply, _fault: Fault) -> Reply:
    """503, which clients retry."""
    message = "The engine is currently overloaded, please try again later."
    raise ApiError(503, message, kind="server_error", code="overloaded")


def bad_key(_reply: Reply, _fault: Fault) -> Reply:
    """401, whatever key was sent."""
    headers = (("WWW-Authenticate", 'Bearer realm="OpenAI API"'),)
    raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key", headers=headers)


def context_length(reply: Reply, _fault: Fault) -> Reply:
    """400: the conversation is longer than the model can read."""
    message = "This model's maximum context length is 8192 tokens. Please reduce the length of the"
    raise ApiError(400, f"{message} {reply.said_in}.", param=reply.said_in, code="context_length_exceeded")


def content_filter(reply: Reply, fault: Fault) -> Reply:
    """400 for the prompt; at a token, the answer ends there with `finish_reason` `content_filter`.

    The second is no damage on the way but another answer, so it is the completion that ends early.
    """
    if fault.token is not None:
        return reply
    message = "The response was filtered due to the prompt triggering the content management policy."
    raise ApiError(400, message, param=reply.said_in, code="content_filter")
