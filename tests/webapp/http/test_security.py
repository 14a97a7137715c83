from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.configuration.settings import Settings
from webapp.http.security import OPEN_ENDPOINTS, secure

TOKEN = "correct-horse-battery-staple"
OURS = "http://localhost"
THEIRS = "https://evil.example"
FRIEND = "https://friend.example:8443"


def post(client: FlaskClient, path: str = "/chat", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, json={"prompt": "What is a token?", "stream": False}, headers=named)


def code(response: TestResponse) -> str:
    return response.get_json()["error"]["code"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": OURS}, 200),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": THEIRS}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        # Our page, behind a proxy that wrote a Host of its own.
        ({"Origin": THEIRS, "X-Requested-With": "first-token"}, 200),
        ({"Origin": THEIRS, "X-Requested-With": "other"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "X-Requested-With": "first-token"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        # A neighbour on the same domain, such as another app of the same host, is a stranger too.
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": OURS, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": FRIEND, "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_pages_of_other_sites_may_not_ask(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    response = post(client, **headers)
    assert response.status_code == status
    if status == 403:
        assert code(response) == "cross_origin"
    assert not [name for name, _ in response.headers if name.startswith("Access-Control-")]


def test_a_link_may_lead_to_the_page(client: FlaskClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("app_settings", [{"allowed_origins": f"https://a.example, {FRIEND}"}])
def test_a_named_origin_may_ask_and_read(client: FlaskClient, app_settings: dict[str, Any]) -> None:
    asked = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = client.options("/chat", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    answer = post(client, Origin=FRIEND, Sec_Fetch_Site="cross-site")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "Access-Control-Allow-Credentials" not in answer.headers

    other = client.options("/chat", headers={**asked, "Origin": THEIRS})
    assert "Access-Control-Allow-Origin" not in other.headers
    # What a cache keeps for one origin it must not give to another.
    assert [response.headers["Vary"] for response in (preflight, answer, other)] == ["Origin"] * 3
    assert code(post(client, Origin=THEIRS)) == "cross_origin"


@pytest.mark.parametrize("app_settings", [{"access_token": TOKEN}])
@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN} ", 200),
        ("", 401),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer", 401),
        ("Bearer é", 401),
    ],
)
def test_a_token_is_asked_for(
    client: FlaskClient, app_settings: dict[str, Any], given: str, status: int
) -> None:
    response = post(client, Authorization=given)
    assert response.status_code == status
    if status == 401:
        assert code(response) == "access_denied"
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="chat"'
        assert TOKEN not in response.text


@pytest.mark.parametrize("app_settings", [{"access_token": TOKEN}])
def test_all_but_the_named_endpoints_ask_for_the_token(
    client: FlaskClient, app_settings: dict[str, Any]
) -> None:
    endpoints = {rule.endpoint for rule in client.application.url_map.iter_rules()}
    assert endpoints - OPEN_ENDPOINTS == {"chat.chat"}
    assert client.get("/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/nowhere").status_code == 401


@pytest.mark.parametrize("app_settings", [{"access_token": TOKEN, "allowed_origins": FRIEND}])
def test_a_preflight_cannot_bring_the_token(client: FlaskClient, app_settings: dict[str, Any]) -> None:
    preflight = client.options("/chat", headers={"Origin": FRIEND, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 200
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]


PAGE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Cache-Control": "no-cache",
}
DATA = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
ALL = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", PAGE),
        ("GET", "/static/chat.js", {**DATA, "Cache-Control": "no-cache"}),
        ("GET", "/healthz", DATA),
        ("GET", "/readyz", DATA),
        ("GET", "/nowhere", DATA),
        ("PUT", "/chat", DATA),
        ("POST", "/chat", DATA),
    ],
)
def test_the_headers_of_every_response(
    client: FlaskClient, method: str, path: str, expected: dict[str, str]
) -> None:
    with client.open(path, method=method) as response:
        headers = response.headers
    wanted = {**ALL, **expected}
    assert {name: headers.get(name) for name in wanted} == wanted
    assert "Strict-Transport-Security" not in headers


def test_a_stream_keeps_its_own_cache_control(client: FlaskClient) -> None:
    response = client.post("/chat", json={"prompt": "Hi"})
    assert response.headers["Cache-Control"] == "no-cache, no-transform"
    assert {name: response.headers[name] for name in ALL} == ALL
    response.close()


@pytest.mark.parametrize(
    ("app_settings", "forwarded", "is_told"),
    [
        ({"trusted_proxies": 1}, "https", True),
        ({"trusted_proxies": 1}, "http", False),
        ({"trusted_proxies": 1}, "https, http", False),
        ({"trusted_proxies": 2}, "https", True),
        ({}, "https", False),
    ],
)
def test_https_only_is_said_where_a_trusted_proxy_says_https(
    client: FlaskClient, app_settings: dict[str, Any], forwarded: str, is_told: bool
) -> None:
    response = client.get("/", headers={"X-Forwarded-Proto": forwarded, "X-Forwarded-For": "1.1.1.1"})
    assert ("Strict-Transport-Security" in response.headers) is is_told


@pytest.mark.parametrize(
    ("app_settings", "is_warned"),
    [
        ({}, False),
        ({"trusted_proxies": 1}, True),
        ({"trusted_proxies": 1, "access_token": TOKEN}, False),
        ({"trusted_proxies": 1, "tokens_per_day": 100_000}, False),
    ],
)
def test_a_public_app_without_limits_is_warned_of(
    app_settings: dict[str, Any], is_warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    secure(Flask("app"), Settings(**app_settings))
    assert ("Anybody may use this chat" in caplog.text) is is_warned


def test_the_page_holds_nothing_that_its_policy_forbids(client: FlaskClient) -> None:
    page = client.get("/").text
    for forbidden in ("<style", " style=", "onclick=", "onload=", "javascript:", "http://", "https://"):
        assert forbidden not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')


@pytest.mark.parametrize("app_settings", [{"access_token": TOKEN, "requests_per_minute": 5}])
@pytest.mark.parametrize("path", ["/chat", "/chat/other", "/nothing"])
def test_wrong_tokens_count_against_a_rate(client: FlaskClient, path: str) -> None:
    codes = [post(client, path, Authorization="Bearer wrong").status_code for _ in range(8)]
    assert codes == [401] * 5 + [429] * 3


@pytest.mark.parametrize("app_settings", [{"trusted_proxies": 1, "requests_per_minute": 1}])
@pytest.mark.parametrize("lie", ['"1.2.3.4', '1.2.3.4, "', '"a\\', '"", "', "'"])
def test_a_quote_gives_no_second_allowance(client: FlaskClient, lie: str) -> None:
    asked = [post(client, X_Forwarded_For=f"{given}192.0.2.1") for given in ("", f"{lie}, ")]
    assert [response.status_code for response in asked] == [200, 429]


@pytest.mark.parametrize(
    ("server", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("127.0.0.1", "localhost:8000", 200),
        ("127.0.0.1", "chat.localhost", 200),
        ("127.0.0.1", "LocalHost.:8000", 200),
        ("::1", "[::1]:8000", 200),
        ("::1", "[::ffff:127.0.0.1]:8000", 200),
        ("127.0.0.1", "rebound.example:8000", 421),
        ("::ffff:127.0.0.1", "rebound.example", 421),
        ("127.0.0.1", "localhost.example", 421),
        ("127.0.0.1", "127.0.0.1.example", 421),
        ("::1", "rebound.example", 421),
        ("0.0.0.0", "chat.example", 200),
    ],
)
def test_a_server_on_loopback_is_asked_under_its_own_name(
    client: FlaskClient, server: str, host: str, status: int
) -> None:
    environ = {"SERVER_NAME": server, "HTTP_HOST": host}
    assert client.get("/healthz", environ_overrides=environ).status_code == status


@pytest.mark.parametrize("app_settings", [{"trusted_proxies": 1}])
def test_behind_a_proxy_the_name_is_the_proxys(client: FlaskClient) -> None:
    environ = {"SERVER_NAME": "127.0.0.1", "HTTP_HOST": "chat.example"}
    assert client.get("/healthz", environ_overrides=environ).status_code == 200


@pytest.mark.parametrize("target", ["//metrics", "/%6detrics", "/./metrics", "/healthz/../metrics"])
def test_a_path_is_taken_as_it_is_written(client: FlaskClient, target: str) -> None:
    """What a proxy blocks by its path is not to be had by another writing of it."""
    environ = {"RAW_URI": target, "PATH_INFO": target.replace("%6d", "m")}
    assert client.get("/", environ_overrides=environ).status_code == 404


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since", "If-Range"])
@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 99999999999 00:00:00 GMT", "Thu, 99 Jan 2020 00:00:00 GMT", "x"]
)
def test_what_is_no_date_is_ignored(client: FlaskClient, name: str, date: str) -> None:
    with client.get("/static/chat.js", headers={name: date, "Range": "bytes=0-1"}) as response:
        assert response.status_code in (200, 206)
