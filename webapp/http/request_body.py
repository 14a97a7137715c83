"""The body of a request, whole: read within its limits, and to its end.

Where it ends is the server's to know. A body that is read only as far as it makes sense would leave the rest
for whatever is read next from the connection.
"""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from webapp.chat import RefusedError
from webapp.serving import BodyTooLongError, MalformedRequestError

PLAIN = {
    "HTTP_CONTENT_ENCODING": ("Content-Encoding", ("", "identity")),
    "HTTP_TRANSFER_ENCODING": ("Transfer-Encoding", ("", "chunked")),
}
"""What these headers may say of a body that is not compressed; gunicorn leaves codings to the app."""
_READ_BYTES = 64 * 1024


def request_body(most_bytes: int) -> bytes:
    """Return it. Raises RefusedError: 400, 408, 413 or 415."""
    environ = request.environ
    for variable, (name, plain) in PLAIN.items():
        if environ.get(variable, "").strip().lower() not in plain:
            raise RefusedError("unsupported_encoding", "expected no encoding", param=name, status=415)
    length = request.content_length
    if length is not None and length > most_bytes:
        raise _too_large(most_bytes, length)
    try:
        body = _read(environ, most_bytes)
    except BodyTooLongError:
        raise _too_large(most_bytes, "more") from None
    except TimeoutError:
        raise RefusedError("body_timeout", "The body took too long to come.", status=408) from None
    except (MalformedRequestError, OSError, ValueError, HTTPException):
        # Not its text, nor where it came from: it quotes what it could not read.
        raise RefusedError("body_malformed", "The body broke off, or is not framed as HTTP has it.") from None
    if length is not None and len(body) < length:
        raise RefusedError("body_malformed", f"The body: expected {length} bytes, got {len(body)}.")
    return body


def _read(environ: dict[str, Any], most_bytes: int) -> bytes:
    stream = get_input_stream(environ)
    parts: list[bytes] = []
    size = 0
    while data := stream.read(_READ_BYTES):
        size += len(data)
        if size > most_bytes:
            raise BodyTooLongError
        parts.append(data)
    return b"".join(parts)


def _too_large(most_bytes: int, got: int | str) -> RefusedError:
    return RefusedError("body_too_large", f"The body: at most {most_bytes} bytes, got {got}.", status=413)
