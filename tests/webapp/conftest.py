"""The app in this process, with the real mock behind it as a process."""

import dataclasses
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openai import OpenAI

from mockllm import MockLLMServer
from tests.conftest import CERTIFICATE
from webapp import create_app
from webapp.configuration.settings import Settings
from webapp.limits import Admission
from webapp.upstream.transport.exchange import GeventTransport

# Who has a handler of his own gets no JSON on stdout: tests read what the app logs through caplog.
logging.getLogger("webapp").addHandler(logging.NullHandler())


@pytest.fixture(autouse=True)
def one_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.fixture(scope="session")
def mock() -> Iterator[MockLLMServer]:
    """One mock for all tests of a session; it keeps nothing that a test could change."""
    with MockLLMServer() as server:
        yield server


@pytest.fixture
def app_settings() -> dict[str, Any]:
    """What a test overrides to run the app with other settings."""
    return {}


@pytest.fixture
def client(
    mock: MockLLMServer, app_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[FlaskClient]:
    monkeypatch.setenv("OPENAI_API_KEY", "mock-key")
    monkeypatch.setenv("OPENAI_BASE_URL", mock.base_url)
    settings = Settings(**{"model": "mock-ttft0-itl0-tokens20", "models": "mock*", **app_settings})
    app = create_app(settings)
    # A clock that stands: no window ends in the middle of a test.
    admission = Admission(settings, now=lambda: 1_000_000.0)
    app.extensions["chat"] = dataclasses.replace(app.extensions["chat"], admission=admission)
    with app.test_client() as test_client:
        yield test_client


@pytest.fixture
def transport() -> Iterator[GeventTransport]:
    """A transport of its own for each test, which works without gevent's patches as well."""
    made = GeventTransport(pool_size=10)
    yield made
    made.close()


@pytest.fixture
def no_sleep_before_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK tries again at once."""
    monkeypatch.setattr(OpenAI, "_sleep_for_retry", lambda *_, **__: None)
