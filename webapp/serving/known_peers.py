"""Whose word on the client's scheme is taken, looked up once for each address.

gunicorn parses the address, and each network that it allows, with every request: a fortieth of its cost.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gunicorn.http import message

MOST_KNOWN = 1000
"""Addresses. Behind a router they are few; others are forgotten."""


def install() -> None:
    """Have gunicorn's requests ask here."""
    message.HeaderPolicy._peer_is_trusted_proxy = _is_trusted  # type: ignore[method-assign]  # noqa: SLF001


def _is_trusted(request: Any) -> bool:
    peer = request.peer_addr
    # A Unix socket has no address.
    return not isinstance(peer, tuple) or _is_allowed(request.cfg, peer[0])


@lru_cache(MOST_KNOWN)
def _is_allowed(cfg: Any, address: str) -> bool:
    return bool(
        message._ip_in_allow_list(  # type: ignore[no-untyped-call]  # noqa: SLF001
            address, cfg.forwarded_allow_ips, cfg.forwarded_allow_networks()
        )
    )
