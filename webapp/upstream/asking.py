"""The cheapest way to ask that this process and its settings allow."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx2
from openai import AzureOpenAI, OpenAI

from webapp.upstream.client import open_stream
from webapp.upstream.transport import PendingBody, on_gevent, opened_beside


def stream_asker(client: OpenAI, timeout: httpx2.Timeout) -> Callable[[dict[str, Any], str], PendingBody]:
    """Return the cheapest way to begin what `open_stream` does with this client, beside who waits for it.

    Where the SDK is to log what it does (OPENAI_LOG), it does all of it.
    """
    # Azure's address depends on the model.
    is_azure = isinstance(client, AzureOpenAI)
    if on_gevent() and not is_azure and not logging.getLogger("openai").isEnabledFor(logging.INFO):
        from webapp.upstream.prepared import prepared_streams  # noqa: PLC0415  # in vain without gevent

        if prepared := prepared_streams(client, timeout):
            return prepared.ask
    return lambda payload, request_id: opened_beside(
        partial(open_stream, client, payload, timeout, request_id)
    )
