"""A bad variable is one sentence that names it, and says nothing of what must stay secret."""

import os

import httpx2
import pytest
from openai import AzureOpenAI

from loadtests.rig.scripted import CHUNKED, DONE, EVENT, LAST_CHUNK, ScriptedUpstream, chunk
from webapp.upstream.client import open_stream, proxy_for
from webapp.upstream.environment import NO_KEY, PROXY_VARIABLES, client_of

KEY = {"OPENAI_API_KEY": "sk-secret"}


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, NO_KEY),
        ({"OPENAI_API_KEY": " \n"}, "OPENAI_API_KEY is not set"),
        ({"OPENAI_API_KEY": "sk-sec\nret"}, "OPENAI_API_KEY: character 7"),
        ({"OPENAI_API_KEY": "sk-\u2013secret"}, "OPENAI_API_KEY: character 4 is EN DASH"),
        ({**KEY, "OPENAI_ORG_ID": "ö"}, "OPENAI_ORG_ID: character 1"),
        ({**KEY, "OPENAI_BASE_URL": "127.0.0.1:8000/v1"}, "OPENAI_BASE_URL: expected"),
        ({**KEY, "OPENAI_BASE_URL": "ftp://h/v1"}, "OPENAI_BASE_URL: expected"),
        ({**KEY, "OPENAI_BASE_URL": "https://u:secret@h/v1"}, "OPENAI_BASE_URL: expected"),
        (
            {**KEY, "OPENAI_BASE_URL": "https://<resource>.openai.azure.com/openai/v1"},
            "OPENAI_BASE_URL: expected",
        ),
        ({**KEY, "OPENAI_BASE_URL": "http://a..b/v1"}, "OPENAI_BASE_URL: expected"),
        ({**KEY, "OPENAI_BASE_URL": f"http://{'a' * 64}.com/v1"}, "OPENAI_BASE_URL: expected"),
        ({**KEY, "OPENAI_BASE_URL": "http://h:99999/v1"}, "OPENAI_BASE_URL: expected"),
        ({**KEY, "SSL_CERT_FILE": "/no/such/file"}, "SSL_CERT_FILE: there is nothing at"),
        ({**KEY, "SSL_CERT_FILE": __file__}, "SSL_CERT_FILE: no certificate can be read"),
        ({**KEY, "SSL_CERT_FILE": "/"}, "SSL_CERT_FILE: no certificate can be read"),
        ({**KEY, "SSL_CERT_DIR": "/no/such:/nor/such"}, "SSL_CERT_DIR: there is nothing at"),
        ({**KEY, "ALL_PROXY": "socks://127.0.0.1:1"}, "ALL_PROXY: expected http"),
        ({**KEY, "HTTPS_PROXY": "http://u:secret@127.0.0.1:abc"}, "HTTPS_PROXY: expected an address"),
        ({**KEY, "HTTPS_PROXY": "http://[::1"}, "HTTPS_PROXY: expected an address"),
        ({**KEY, "HTTPS_PROXY": "http://my proxy:80"}, "HTTPS_PROXY: expected an address"),
        ({**KEY, "https_proxy": "http://127.0.0.1:9\n"}, "https_proxy: expected an address"),
        ({**KEY, "ALL_PROXY": "http://"}, "ALL_PROXY: expected an address"),
        ({"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com"}, "AZURE_OPENAI_API_KEY is not set"),
        (
            {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com", "AZURE_OPENAI_API_KEY": "secret"},
            "OPENAI_API_VERSION is not set",
        ),
    ],
)
def test_a_bad_variable_is_named(
    environ: dict[str, str], names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    client, problem = client_of(environ)
    assert client is None
    assert problem is not None
    assert problem.startswith(names)
    assert "\n" not in problem
    assert "secret" not in problem


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://h/v1", "https://h/v1/"),
        ("https://h/v1/", "https://h/v1/"),
        (" 'https://h/v1' ", "https://h/v1/"),
        ("https://h/v1?api-version=2", "https://h/v1/"),
        ("https://h/v1/chat/completions", "https://h/v1/"),
        ("https://h", "https://h/"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1/"),
        ("", "https://api.openai.com/v1/"),
    ],
)
def test_what_can_be_understood_works(given: str, asked: str) -> None:
    client, problem = client_of({"OPENAI_API_KEY": "'sk-secret'\n", "OPENAI_BASE_URL": given})
    assert problem is None
    assert client is not None
    assert str(client.base_url) == asked
    assert client.api_key == "sk-secret"


def test_azures_deployments_are_asked_by_their_paths_version_and_key() -> None:
    with ScriptedUpstream(
        lambda talk: talk.send(CHUNKED + chunk(EVENT) + chunk(DONE) + LAST_CHUNK)
    ) as upstream:
        client, problem = client_of(
            {
                "AZURE_OPENAI_ENDPOINT": f"http://127.0.0.1:{upstream.port}",
                "AZURE_OPENAI_API_KEY": "azure-key",
                "OPENAI_API_VERSION": "2024-10-21",
            }
        )
        assert problem is None
        assert client is not None
        payload = {"model": "my-deployment", "messages": [], "stream": True}
        open_stream(client, payload, httpx2.Timeout(5)).close()
    head = upstream.requests[0].partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"post /openai/deployments/my-deployment/chat/completions?api-version=2024-10-21 ")
    assert b"api-key: azure-key" in head


@pytest.mark.parametrize(
    "network",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:1", "NO_PROXY": "127.0.0.1"},
        {"ALL_PROXY": "socks://127.0.0.1:1", "no_proxy": "*"},
        {"ALL_PROXY": "ftp://127.0.0.1:1", "NO_PROXY": "10.0.0.1, 127.0.0.1:9"},
        {"HTTPS_PROXY": "socks://127.0.0.1:1"},
    ],
    ids=str,
)
def test_a_proxy_that_cannot_be_used_and_is_not_used_is_nobodys_business(
    network: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", **network}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    client, problem = client_of(given)
    assert problem is None
    assert client is not None


def test_one_folder_of_certificates_that_is_there_will_do() -> None:
    assert client_of({**KEY, "SSL_CERT_DIR": f"/no/such{os.pathsep}/"})[1] is None


def test_azures_key_goes_before_its_token() -> None:
    client, problem = client_of(
        {
            "AZURE_OPENAI_ENDPOINT": "http://127.0.0.1:9",
            "AZURE_OPENAI_API_KEY": "azure-key",
            "AZURE_OPENAI_AD_TOKEN": "token",
            "OPENAI_API_VERSION": "2024-10-21",
        }
    )
    assert problem is None
    assert client is not None
    assert client.api_key == "azure-key"


@pytest.mark.parametrize("key", ["AZURE_OPENAI_API_KEY", "OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"])
def test_azures_variables_may_be_quoted_as_others(key: str) -> None:
    client, problem = client_of(
        {
            "AZURE_OPENAI_ENDPOINT": '"https://r.openai.azure.com"\n',
            "OPENAI_API_VERSION": "'2024-10-21'",
            key: '"given"\n',
        }
    )
    assert problem is None
    assert isinstance(client, AzureOpenAI)
    assert str(client.base_url) == "https://r.openai.azure.com/openai/"
    assert (client._api_version, client._azure_ad_token or client.api_key) == ("2024-10-21", "given")


@pytest.mark.parametrize("excepted", [".model.example:8443", "model.example:8443", "model.example"])
def test_client_and_readiness_agree_on_what_no_proxy_excepts(
    excepted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://cannot.be.used:1")
    monkeypatch.setenv("NO_PROXY", excepted)
    url = "https://model.example:8443/v1"
    assert proxy_for(httpx2.URL(url)) is None
    assert client_of({**KEY, "OPENAI_BASE_URL": url, **os.environ})[1] is None
    other = url.replace("model.example", "example.model")
    assert proxy_for(httpx2.URL(other)) == "socks://cannot.be.used:1"
    assert client_of({**KEY, "OPENAI_BASE_URL": other, **os.environ})[0] is None
