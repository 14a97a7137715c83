"""What the log says of the SDK's real errors."""

import errno

import httpx2
import openai
import pytest

from webapp.upstream.decoding import UpstreamReportedError
from webapp.upstream.decoding.errors import MalformedChunkError
from webapp.upstream.failures.log_fields import failure_fields

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")
PROMPT = "my diary says: \x1b[31m I was born in"


def status_error(status: int, body: object, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    response = httpx2.Response(status, json={"error": body}, headers=headers, request=REQUEST)
    return openai.OpenAI(api_key="key")._make_status_error_from_response(response)


def unreachable() -> openai.APIConnectionError:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = httpx2.ConnectError("[Errno 111] Connection refused")
    error.__cause__.__cause__ = ConnectionRefusedError(errno.ECONNREFUSED, PROMPT)
    return error


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (
            status_error(
                400, {"message": PROMPT, "code": "invalid_value", "type": "x"}, {"x-request-id": "req_1"}
            ),
            {
                "upstream_error": "BadRequestError",
                "upstream_status": 400,
                "upstream_code": "invalid_value",
                "upstream_type": "x",
                "upstream_request_id": "req_1",
            },
        ),
        (
            status_error(
                429, {"message": PROMPT, "code": PROMPT, "type": "rate_limit"}, {"x-request-id": PROMPT}
            ),
            {
                "upstream_error": "RateLimitError",
                "upstream_status": 429,
                "upstream_code": None,
                "upstream_type": "rate_limit",
                "upstream_request_id": None,
            },
        ),
        (
            UpstreamReportedError(PROMPT, None, PROMPT),
            {"upstream_error": "UpstreamReportedError", "upstream_code": None, "upstream_type": None},
        ),
        (
            unreachable(),
            {
                "upstream_error": "APIConnectionError",
                "upstream_text": "ConnectError: Connection refused",
            },
        ),
        (
            MalformedChunkError("x" * 1000),
            {
                "upstream_error": "MalformedChunkError",
                "upstream_text": "MalformedChunkError",
            },
        ),
    ],
)
def test_the_log_gets_codes_and_no_prose(error: Exception, fields: dict[str, object]) -> None:
    assert failure_fields(error) == fields
