import ssl
from pathlib import Path

import certifi
import pytest

from webapp.upstream.transport.certificates import certificates, tls_context


def compiled_in(monkeypatch: pytest.MonkeyPatch, file: Path, directory: Path) -> None:
    """Let OpenSSL look for certificates in these places."""
    paths = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", str(file), "SSL_CERT_DIR", str(directory))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"SSL_CERT_FILE": "/a.pem"}, ("/a.pem", None)),
        ({"SSL_CERT_DIR": "/certs"}, (None, "/certs")),
        ({"SSL_CERT_FILE": "/a.pem", "SSL_CERT_DIR": "/certs"}, ("/a.pem", None)),
    ],
)
def test_the_variables_go_first(
    environ: dict[str, str], expected: tuple[str | None, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled_in(monkeypatch, Path(__file__), Path("/nowhere"))
    assert certificates(environ) == expected


def test_the_systems_are_taken_where_there_are_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, directory = tmp_path / "cert.pem", tmp_path / "certs"
    directory.mkdir()
    compiled_in(monkeypatch, bundle, directory)
    # An empty directory is what a slim image without ca-certificates has.
    assert certificates({"SSL_CERT_FILE": ""}) == (certifi.where(), None)
    (directory / "0a1b2c3d.0").touch()
    assert certificates({}) == (None, str(directory))
    bundle.touch()
    assert certificates({}) == (str(bundle), str(directory))


def test_a_context_checks_the_certificate_and_its_name() -> None:
    context = tls_context({})
    assert type(context) is ssl.SSLContext
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.cert_store_stats()["x509_ca"] > 100 or certificates({})[0] is None


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError):  # noqa: PT011 - which it is, its text says
        tls_context({"SSL_CERT_FILE": "/nowhere.pem"})
