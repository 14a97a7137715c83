"""What keeps the app from answering a chat, in sentences for its operator."""

from __future__ import annotations

import socket
import time
from urllib.request import getproxies, proxy_bypass

import httpx2

from webapp.upstream.model import ChatModel

CONNECT_TIMEOUT_SECONDS = 2.0
PORTS = {"http": 80, "https": 443}
REMEMBERED_SECONDS = 5.0
"""A health check that is asked often must not become a load on the upstream."""


class Readiness:
    """Answers /readyz: is there a configuration, and does something listen where it points."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._unreachable: str | None = None
        self._checked_at = float("-inf")

    def problems(self) -> list[str]:
        """Return what is missing; an empty list means ready."""
        problem = self._model.problem or self._connection_problem()
        return [problem] if problem else []

    def _connection_problem(self) -> str | None:
        now = time.monotonic()
        if now - self._checked_at > REMEMBERED_SECONDS:
            self._unreachable = _connect_problem(self._model)
            self._checked_at = time.monotonic()
        return self._unreachable


def _connect_problem(model: ChatModel) -> str | None:
    url = model.url
    if url is None:
        return None
    proxy = _proxy_for(url)
    asked = proxy or url
    where = f"{asked.host}:{asked.port or PORTS.get(asked.scheme, 1080)}"
    try:
        host, _, port = where.rpartition(":")
        socket.create_connection((host, int(port)), CONNECT_TIMEOUT_SECONDS).close()
    except OSError:
        if proxy:
            return f"Nothing answers at {where}, the proxy of the environment. Check HTTPS_PROXY and its kin."
        return f"Nothing answers at {where}, where OPENAI_BASE_URL points. Check it, and that the API is up."
    return None


def _proxy_for(url: httpx2.URL) -> httpx2.URL | None:
    """Return the proxy that carries questions: behind it, a direct connection would say nothing."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.host):
        return None
    return httpx2.URL(proxy if "://" in proxy else f"http://{proxy}")
