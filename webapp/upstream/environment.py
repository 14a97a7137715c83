"""The SDK's variables and the network's → the client that they make, or the sentence that names a bad one."""

from __future__ import annotations

import logging
import os
import re
import ssl
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx2
import openai
from openai import AzureOpenAI, OpenAI

from webapp.configuration import MOST_PORT
from webapp.upstream.client import http_client, proxy_for, tamed

log = logging.getLogger(__name__)

NO_KEY = (
    "OPENAI_API_KEY is not set. Set it to your key (on Heroku: heroku config:set OPENAI_API_KEY=sk-...) "
    "and restart; an API that needs no key takes any value."
)
BAD_SETTINGS = "The OpenAI settings make no sense: check OPENAI_BASE_URL and the other OPENAI_ variables."
HEADER_VARIABLES = (
    "OPENAI_API_KEY",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_AD_TOKEN",
)
"""What goes into headers, which hold printable ASCII alone."""
PROXY_VARIABLES = tuple(
    name for kind in ("HTTPS", "HTTP", "ALL") for name in (f"{kind}_PROXY", f"{kind.lower()}_proxy")
)
DEFAULT_URL = httpx2.URL("https://api.openai.com/v1")
QUESTIONS_PATH = "/chat/completions"
"""What follows the base URL, and is copied along with it from the vendors' pages."""
PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


class Variables(NamedTuple):
    """The names of what says where the API is, and of what it lets in."""

    url: str
    key: str


VARIABLES = Variables("OPENAI_BASE_URL", "OPENAI_API_KEY")
AZURE_VARIABLES = Variables(
    "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY, else OPENAI_API_KEY, else AZURE_OPENAI_AD_TOKEN"
)


class VariableError(ValueError):
    """A sentence that names the variable. It never holds a key, nor a proxy's password."""


def client_of(environ: Mapping[str, str] = os.environ) -> tuple[OpenAI | None, str | None]:
    """Return the SDK's client, or the sentence that tells the operator what it lacks."""
    try:
        client = tamed(_client(environ))
    except VariableError as problem:
        return None, str(problem)
    except openai.OpenAIError:
        return None, NO_KEY
    except (ValueError, httpx2.InvalidURL):
        log.exception("The OpenAI client cannot be made")
        return None, BAD_SETTINGS
    if not client.api_key:
        return None, NO_KEY
    return client, None


def _client(environ: Mapping[str, str]) -> OpenAI:
    for name in HEADER_VARIABLES:
        _check_header(name, environ.get(name, ""))
    given = _value(environ, "OPENAI_BASE_URL")
    if not given and (endpoint := _value(environ, "AZURE_OPENAI_ENDPOINT")):
        return _azure_client(endpoint, environ)
    # The SDK would take an empty variable for an address.
    url = _url("OPENAI_BASE_URL", given) if given else DEFAULT_URL
    _check_network(url, environ)
    path = url.path.rstrip("/").removesuffix(QUESTIONS_PATH)
    return OpenAI(
        # Without one the SDK would look for it itself, and take white space for a key.
        api_key=_value(environ, "OPENAI_API_KEY"),
        base_url=str(url.copy_with(path=path or "/", query=None)),
        default_query=dict(url.params) or None,
        http_client=_http_client(url, environ),
    )


def _value(environ: Mapping[str, str], variable: str) -> str:
    """Return a variable without what files leave around it: the end of a line, and quotes."""
    return environ.get(variable, "").strip().strip("\"'")


def _azure_client(endpoint: str, environ: Mapping[str, str]) -> OpenAI:
    """Return the client for deployments, which the SDK's own class asks as Azure wants it."""
    url = _url("AZURE_OPENAI_ENDPOINT", endpoint)
    _check_network(url, environ)
    key = _value(environ, "AZURE_OPENAI_API_KEY") or _value(environ, "OPENAI_API_KEY")
    # The SDK takes one of them.
    token = "" if key else _value(environ, "AZURE_OPENAI_AD_TOKEN")
    version = _value(environ, "OPENAI_API_VERSION") or _value(environ, "AZURE_OPENAI_API_VERSION")
    if not key and not token:
        raise VariableError("AZURE_OPENAI_API_KEY is not set, but AZURE_OPENAI_ENDPOINT is.")
    if not version:
        raise VariableError(
            "OPENAI_API_VERSION is not set, which AZURE_OPENAI_ENDPOINT needs, such as 2024-10-21; or set "
            "OPENAI_BASE_URL to https://<resource>.openai.azure.com/openai/v1, which needs none."
        )
    return AzureOpenAI(
        azure_endpoint=endpoint,
        api_key=key or None,
        azure_ad_token=token or None,
        api_version=version,
        http_client=_http_client(url, environ),
    )


def _check_header(variable: str, value: str) -> None:
    value = value.strip()
    for at, character in enumerate(value):
        if not "!" <= character <= "~":
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise VariableError(
                f"{variable}: character {at + 1} is {name}, which no HTTP header can hold. Copy it again."
            )


def _url(variable: str, given: str) -> httpx2.URL:
    expected = f"{variable}: expected an address such as https://api.openai.com/v1, got {given[:100]!r}"
    try:
        url = httpx2.URL(given)
    except httpx2.InvalidURL:
        raise VariableError(expected) from None
    if url.scheme not in ("http", "https") or not _is_host(url.host) or (url.port or 0) > MOST_PORT:
        raise VariableError(expected)
    if url.userinfo:
        raise VariableError(f"{variable}: expected an address without a user and password in it")
    return url


def _check_proxy(variable: str, given: str) -> None:
    """Raise VariableError for what is no proxy's address. Of a password in it nothing is said."""
    if not given:
        return
    scheme, separator, _ = given.partition("://")
    if separator and scheme not in PROXY_SCHEMES:
        raise VariableError(f"{variable}: expected http://... or https://..., got {scheme[:20]}://...")
    with suppress(httpx2.InvalidURL, ValueError):
        if _is_host(httpx2.URL(given if separator else f"http://{given}").host):
            return
    raise VariableError(f"{variable}: expected an address such as http://proxy.example:3128")


def _is_host(name: str) -> bool:
    """Whether it can be asked for: Python's own look-up fails on parts that are empty or too long."""
    try:
        encoded = name.encode("idna")
    except UnicodeError:
        return False
    return re.fullmatch(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?", encoded) is not None


def _check_network(url: httpx2.URL, environ: Mapping[str, str]) -> None:
    if url.scheme != "https":
        return
    file, folders = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    for name, paths in (("SSL_CERT_FILE", [file]), ("SSL_CERT_DIR", folders.split(os.pathsep))):
        if any(paths) and not any(Path(path).exists() for path in paths if path):
            raise VariableError(f"{name}: there is nothing at {os.pathsep.join(paths)[:200]!r}")
    if not file:
        return
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        raise VariableError(f"SSL_CERT_FILE: no certificate can be read from {file[:200]!r}") from None


def _http_client(url: httpx2.URL, environ: Mapping[str, str]) -> httpx2.Client | None:
    """Return the client for the SDK. A proxy that cannot be used is blamed on the variable that names it."""
    if proxy_for(url) is None:
        # What is not used may be of any kind.
        return http_client(uses_proxies=False)
    other = "HTTP_PROXY" if url.scheme == "https" else "HTTPS_PROXY"
    variables = [name for name in PROXY_VARIABLES if name.upper() != other]
    for name in variables:
        _check_proxy(name, environ.get(name, ""))
    try:
        return http_client()
    except ImportError:
        socks = next((name for name in variables if environ.get(name, "").startswith("socks")), "ALL_PROXY")
        raise VariableError(
            f"{socks}: a SOCKS proxy takes the package socksio, which is not installed. "
            "Name an http:// proxy, or unset it."
        ) from None
