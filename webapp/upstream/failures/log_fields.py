"""What the log may say of an upstream's failure: the kind of error and codes, never the upstream's sentences.

A vendor's error message may quote the prompt that it refuses, and what is in no log cannot leak from one.
"""

from __future__ import annotations

import os

import openai

from webapp.chat import foreign_code
from webapp.upstream.decoding import UpstreamReportedError


def failure_fields(error: Exception) -> dict[str, object]:
    """Return the log's fields for an error of the SDK, of its transport or of the decoder."""
    fields: dict[str, object] = {"upstream_error": type(error).__name__}
    if isinstance(error, openai.APIStatusError):
        fields["upstream_status"] = error.status_code
        # The vendor's own name for this request, by which its support finds it.
        fields["upstream_request_id"] = foreign_code(error.request_id)
    if isinstance(error, openai.APIStatusError | UpstreamReportedError):
        fields["upstream_code"] = foreign_code(error.code)
        fields["upstream_type"] = foreign_code(error.type)
        return fields
    # The system's words are known; a library's may quote what it could not read.
    source = error.__cause__ or error
    cause = source.__cause__ or source.__context__
    number = cause.errno if isinstance(cause, OSError) else None
    kind = type(source).__name__
    fields["upstream_text"] = f"{kind}: {os.strerror(number)}" if number else kind
    return fields
