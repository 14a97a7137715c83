"""Whom a request is counted for."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

UNKNOWN = "unknown"
IPV6_CUSTOMER_BITS = 64
"""One IPv6 customer has at least 2**64 addresses of his own to choose from."""


@lru_cache(maxsize=1000)
def client_key(address: str | None) -> str:
    """Return the IPv4 address, or the IPv6 network, that stands for a client; UNKNOWN if it is neither."""
    try:
        parsed = ipaddress.ip_address(_without_port(address or ""))
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), IPV6_CUSTOMER_BITS), strict=False))


def _without_port(address: str) -> str:
    """Azure's proxies write the port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, colon, port = address.partition(":")
    return host if colon and ":" not in port else address.partition("%")[0]
