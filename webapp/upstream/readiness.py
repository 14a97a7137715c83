"""What keeps the app from answering a chat, in sentences for its operator."""

from __future__ import annotations

import socket
import ssl
import time
from http import HTTPStatus

import httpx2
import openai

from webapp.upstream.client import proxy_for
from webapp.upstream.model import ChatModel

CONNECT_TIMEOUT_SECONDS = 2.0
PORTS = {"http": 80, "https": 443}
REMEMBERED_SECONDS = 5.0
"""A health check that is asked often must not become a load on the upstream."""
KNOCK_TIMEOUT_SECONDS = 2.0
KNOCK_AGAIN_SECONDS = 30.0
"""How long to wait before the API is asked again, as long as it has not let the key in."""


class Readiness:
    """Answers /readyz: is there a configuration, does something listen where it points, is the key let in.

    The last is asked of the list of models, until that was answered once.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._unreachable: str | None = None
        self._checked_at = float("-inf")
        self._refusal: str | None = None
        self._knocked_at = float("-inf")
        self._is_let_in = False

    def problems(self) -> list[str]:
        """Return what is missing; an empty list means ready."""
        problem = self._model.problem or self._connection_problem() or self._knock_problem()
        return [problem] if problem else []

    def _connection_problem(self) -> str | None:
        now = time.monotonic()
        if now - self._checked_at > REMEMBERED_SECONDS:
            self._unreachable = _connect_problem(self._model)
            self._checked_at = time.monotonic()
        return self._unreachable

    def _knock_problem(self) -> str | None:
        now = time.monotonic()
        if not self._is_let_in and now - self._knocked_at > KNOCK_AGAIN_SECONDS:
            self._knocked_at = now
            try:
                self._model.knock(KNOCK_TIMEOUT_SECONDS)
            except openai.OpenAIError as error:
                self._refusal = _sentence(error, self._model)
                # Any answer but one about the key: a server may have no such list.
                self._is_let_in = isinstance(error, openai.APIStatusError) and self._refusal is None
            else:
                self._refusal, self._is_let_in = None, True
        return self._refusal


def _sentence(error: openai.OpenAIError, model: ChatModel) -> str | None:
    """Return what a first question would meet; None if that remains to be seen."""
    where, variables = model.url.netloc.decode() if model.url else "the API", model.variables
    if isinstance(error, openai.APIStatusError):
        # 403 may be a key that is good for chats alone.
        is_about_key = error.status_code == HTTPStatus.UNAUTHORIZED
        return f"{where} refuses the key (401). Check {variables.key}." if is_about_key else None
    causes = [error.__cause__, error.__cause__ and (error.__cause__.__cause__ or error.__cause__.__context__)]
    if any(isinstance(cause, ssl.SSLError) or "SSL" in str(cause) for cause in causes if cause):
        return f"{where} cannot be trusted, or speaks no TLS. Check {variables.url} and SSL_CERT_FILE."
    if isinstance(error, openai.APITimeoutError):
        return None
    return f"What listens at {where} gives no answer in HTTP. Check {variables.url}."


def _connect_problem(model: ChatModel) -> str | None:
    url = model.url
    if url is None:
        return None
    # Behind it, a direct connection would say nothing.
    proxy = proxy_for(url)
    asked = httpx2.URL(proxy) if proxy else url
    port = asked.port or PORTS.get(asked.scheme, 1080)
    try:
        socket.create_connection((asked.host, port), CONNECT_TIMEOUT_SECONDS).close()
    except OSError:
        where = f"{asked.host}:{port}"
        if proxy:
            return f"Nothing answers at {where}, the proxy of the environment. Check HTTPS_PROXY and its kin."
        variable = model.variables.url
        return f"Nothing answers at {where}, where {variable} points. Check it, and that the API is up."
    return None
