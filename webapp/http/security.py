"""What every request is asked before it reaches a route, and the headers that every response carries.

OWASP Secure Headers Project; Content Security Policy Level 3; Fetch Metadata Request Headers (W3C).
"""

from __future__ import annotations

import hmac
import logging
import re
from functools import lru_cache
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.http import parse_date
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.chat import RefusedError
from webapp.configuration import Settings
from webapp.limits import client_key

log = logging.getLogger(__name__)

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_HOST = re.compile(r"(?:\[([^\]]*)\]|([^:]*))(?::[0-9]*)?")
HTTPS_ONLY = "max-age=31536000"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OPEN_ENDPOINTS = {
    "static",
    "chat.page",
    "chat.race",
    "chat.healthz",
    "chat.readyz",
    "openapi.document",
    "metrics.metrics",
}
"""What is answered without the access token: the page that asks for it, what hosts and tools look at, and
/metrics, which has a token of its own."""
ASKING_ENDPOINTS = {"chat.chat"}
"""What counts against a client's requests a minute, let in or not."""
DATES = {"HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE"}
"""What a request says of the time of a file, as WSGI names it."""
PAGE = "first-token"
"""What our page sends as X-Requested-With."""
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Request-ID, X-Requested-With",
    "Access-Control-Max-Age": "600",
}


def secure(app: Flask, settings: Settings) -> None:
    """Guard an app whose request identifiers and error handlers are already in their places."""
    if settings.trusted_proxies:
        # The last proxy alone writes the scheme; each writes who asked it.
        fixed = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1)
        app.wsgi_app = _unquoted(fixed)  # type: ignore[method-assign]  # as Flask's documentation has it
    guard = _Guard(settings)
    app.before_request(guard.check)
    app.after_request(guard.add_headers)
    is_limited = guard.token or settings.requests_per_minute or settings.tokens_per_day
    if settings.trusted_proxies and not is_limited:
        log.warning("Anybody may use this chat as much as they like; docs/security.md names what limits them")


class _Guard:
    def __init__(self, settings: Settings) -> None:
        self.token = settings.access_token.get_secret_value()
        self._origins = settings.origins
        self._knows_https = settings.trusted_proxies > 0
        self._names = {origin.partition("://")[2] for origin in settings.origins}

    def check(self) -> None:
        # Each look through the proxy that `request` is takes as long as what is looked at.
        endpoint, environ = request.endpoint, request.environ
        method = environ["REQUEST_METHOD"].upper()
        self._check_address(environ)
        if endpoint == "static":
            _forget_what_is_no_date(environ)
        # What a browser asks before it asks is no chat yet.
        is_asked = endpoint in ASKING_ENDPOINTS and method != "OPTIONS"
        if is_asked:
            count_request()
        if method not in SAFE_METHODS and not _is_same_origin(environ, self._origins):
            raise RefusedError("cross_origin", "Pages of other sites may not ask here.", status=403)
        # A preflight cannot bring a token.
        is_guarded = self.token and endpoint not in OPEN_ENDPOINTS and method != "OPTIONS"
        if is_guarded and (problem := token_problem(self.token)):
            if not is_asked:
                count_request()
            raise RefusedError("access_denied", problem, status=401)

    def _check_address(self, environ: dict[str, Any]) -> None:
        """Raise RefusedError where the address is not what a proxy or a browser takes it for."""
        host = environ.get("HTTP_HOST", "")
        authority, path = _parts(environ.get("RAW_URI", "").partition("?")[0])
        if authority is not None and authority != host:
            raise RefusedError(
                "host_unknown", "The address and its Host are not the same.", param="Host", status=421
            )
        is_local = not self._knows_https and is_loopback(environ.get("SERVER_NAME", ""))
        if is_local and host and host not in self._names and not is_loopback(_without_port(host)):
            # A page on a name of its own that resolves to this machine is of the same origin, to its browser.
            raise RefusedError(
                "host_unknown",
                "This address is not the app's: behind a proxy, set CHAT_TRUSTED_PROXIES.",
                param="Host",
                status=421,
            )
        if path and (path != environ.get("PATH_INFO") or "//" in path):
            raise RefusedError("not_found", "Paths are taken as they are, without escapes.", status=404)

    def add_headers(self, response: Response) -> Response:
        headers = response.headers
        is_page = headers.get("Content-Type", "").startswith("text/html")
        for name, value in HEADERS.items():
            headers.add(name, value)
        headers.add("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
        if "Cache-Control" not in headers:
            # A browser keeps a page that may be stored as it was, with its conversation, for the way back.
            headers.add("Cache-Control", "no-cache" if is_page else "no-store")
        if self._knows_https and request.is_secure:
            headers["Strict-Transport-Security"] = HTTPS_ONLY
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = 'Bearer realm="chat"'
        if self._origins:
            _add_cross_origin_headers(response, self._origins)
        return response


def count_request() -> None:
    """Count a request against its client's rate. Raises LimitedError."""
    current_app.extensions["chat"].admission.count_request(client_key(request.remote_addr))


@lru_cache(maxsize=64)  # each request asks, of the same two; what callers make up is forgotten
def is_loopback(name: str) -> bool:
    """Whether an address, or a name that never leaves the machine (RFC 6761, 6.3), is the machine's own."""
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    # A socket that takes IPv4 and IPv6 writes ::ffff:127.0.0.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _without_port(host: str) -> str:
    named = _HOST.fullmatch(host)
    return (named[1] or named[2]).lower().removesuffix(".") if named else ""


def _parts(target: str) -> tuple[str | None, str]:
    """Return the host of a request's target, None where it has none, and its path (RFC 9112, 3.2)."""
    if target.startswith("/"):
        return None, target
    _, is_absolute, rest = target.partition("://")
    authority, slash, path = rest.partition("/")
    return (authority, slash + path) if is_absolute else (None, "")


def _forget_what_is_no_date(environ: dict[str, Any]) -> None:
    """Ignore dates that no calendar has (RFC 9110, 13.1.3), at which werkzeug's reading of them breaks."""
    for name in DATES & environ.keys():
        try:
            parse_date(environ[name])
        except OverflowError:
            del environ[name]


def _unquoted(app: Any) -> Any:
    """Take the quotes from X-Forwarded-For: a caller's open one would hide the comma behind it."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        given = environ.get("HTTP_X_FORWARDED_FOR")
        if given and '"' in given:
            environ["HTTP_X_FORWARDED_FOR"] = given.replace('"', "")
        return app(environ, start_response)

    return application


def _is_same_origin(environ: dict[str, Any], allowed: frozenset[str]) -> bool:
    """Whether the request comes from our page, from an allowed one, or from no browser at all.

    The order of checks is the one of Go's http.CrossOriginProtection. A proxy may have written a Host of its
    own, as nginx does unless told otherwise; then our page is known by a header that no other page can send
    without a preflight, which is answered to allowed origins alone.
    """
    origin = environ.get("HTTP_ORIGIN")
    if origin in allowed:
        return True
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site:
        return site in ("same-origin", "none")
    # Browsers older than Sec-Fetch-Site send Origin with every POST.
    if origin is None or origin.partition("://")[2] == environ.get("HTTP_HOST"):
        return True
    return environ.get("HTTP_X_REQUESTED_WITH") == PAGE


def token_problem(expected: str) -> str | None:
    """Return what is wrong with the token that a request brings, None if it is the expected one."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    given = given.strip() if scheme.lower() == "bearer" else ""
    # In constant time: how long a wrong token takes must not tell how much of it is right.
    if hmac.compare_digest(given.encode(), expected.encode()):
        return None
    return "That access token is not the right one." if given else "This chat asks for an access token."


def _add_cross_origin_headers(response: Response, allowed: frozenset[str]) -> None:
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in allowed:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Retry-After, X-Request-ID"
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT_HEADERS)
