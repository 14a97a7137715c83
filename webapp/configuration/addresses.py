"""Where the server listens: what HOST and PORT say, on this host and this machine."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

from webapp.configuration.hosts import ELSEWHERE, detected
from webapp.configuration.settings import SettingsError

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = "8000"
MOST_PORT = 65_535
_ANY_IPV4 = "0.0.0.0"  # noqa: S104 - where a host's router reaches the app
_ANY_IPV6 = "::"


def addresses_to_bind(environ: Mapping[str, str], any_host: tuple[str, ...]) -> list[str]:
    """What to bind to, as gunicorn writes it. Raises SettingsError.

    Who sets PORT has a router that comes over a network; a developer's machine offers nothing to others.
    """
    port = environ.get("PORT") or DEFAULT_PORT
    if not (port.isascii() and port.isdecimal() and int(port) <= MOST_PORT):
        raise SettingsError(f"PORT: expected a number from 0 to {MOST_PORT}, got {port!r}")
    host = environ.get("HOST", "").strip("[]")
    if host:
        hosts: tuple[str, ...] = (host,)
    elif environ.get("PORT") or detected(environ) is not ELSEWHERE:
        hosts = any_host
    else:
        hosts = (LOOPBACK,)
    return [f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name in hosts]


def any_host() -> tuple[str, ...]:
    """Return what stands for all interfaces of this machine: one name, if its IPv6 sockets take IPv4 as well.

    Railway's and Fly's private networks are IPv6 only; a container may have none.
    """
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind((_ANY_IPV6, 0))
        takes_ipv4 = not probe.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
        return (_ANY_IPV6,) if takes_ipv4 else (_ANY_IPV4, _ANY_IPV6)
    return (_ANY_IPV4,)


class OneLineIfTaken(logging.Filter):
    """Ends the process with one line when gunicorn logs that it could not bind.

    Put on gunicorn's logger until it listens. To try the address beforehand instead would be wrong wherever
    the socket is there already: handed on by an old gunicorn, or by systemd.
    """

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = ", ".join(names)

    def filter(self, record: logging.LogRecord) -> bool:
        # gunicorn logs it in the handler of the error, and would try four times more.
        error = sys.exc_info()[1]
        if record.levelno >= logging.ERROR and isinstance(error, OSError):
            sys.exit(f"webapp: cannot listen on {self._names} (HOST, PORT): {error.strerror or error}")
        return True
