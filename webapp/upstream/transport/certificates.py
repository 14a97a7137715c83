"""Whose certificates an upstream's are checked against, by the standard library's own TLS.

httpx2 takes truststore's on macOS and Windows, which asks the system and has no socket that gevent could
wait for.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""How OpenSSL finds a certificate in a directory (c_rehash)."""


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that checks what httpx2's would. Raises OSError where the variables name no file."""
    cafile, capath = certificates(environ)
    return ssl.create_default_context(cafile=cafile, capath=capath)


def certificates(environ: Mapping[str, str]) -> tuple[str | None, str | None]:
    """A file and a directory: what SSL_CERT_FILE or SSL_CERT_DIR say, else the system's, else certifi's."""
    if cafile := environ.get("SSL_CERT_FILE"):
        return cafile, None
    if capath := environ.get("SSL_CERT_DIR"):
        return None, capath
    # What is compiled in: the properties beside these would read the variables again.
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if Path(paths.openssl_cafile).is_file() else None
    directory = paths.openssl_capath if _is_hashed(Path(paths.openssl_capath)) else None
    # Python from python.org has none on macOS, nor has a slim image without ca-certificates.
    return (file, directory) if file or directory else (certifi.where(), None)


def _is_hashed(directory: Path) -> bool:
    return directory.is_dir() and any(_HASHED.fullmatch(path.name) for path in directory.iterdir())
