"""What gunicorn looks up with every request, looked up once: neither changes while a worker runs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gunicorn.http import message

KNOWN_PEERS = 1000
"""How many addresses are remembered. Behind a router they are few; others are forgotten."""


def look_up_once(cfg: Any) -> None:
    """Make attributes of gunicorn's settings, which stay once a worker runs.

    gunicorn finds each by a failure and two calls, and a request needs thirty: a twentieth of its cost.
    """
    vars(cfg).update({name: setting.get() for name, setting in cfg.settings.items()})


def remember_trusted_peers() -> None:
    """Have gunicorn look up once for each address whether its word on the client's scheme is taken.

    It parses the address with every request, and looks for it in each network: a fortieth of its cost.
    """
    message.HeaderPolicy._peer_is_trusted_proxy = _is_trusted  # type: ignore[method-assign]  # noqa: SLF001


def _is_trusted(request: Any) -> bool:
    peer = request.peer_addr
    # A Unix socket has no address.
    return not isinstance(peer, tuple) or _is_allowed(request.cfg, peer[0])


@lru_cache(KNOWN_PEERS)
def _is_allowed(cfg: Any, address: str) -> bool:
    allowed, networks = cfg.forwarded_allow_ips, cfg.forwarded_allow_networks()
    return bool(message._ip_in_allow_list(address, allowed, networks))  # noqa: SLF001
