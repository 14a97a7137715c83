"""Who may read the figures."""

from typing import Any

import pytest
from flask.testing import FlaskClient

TOKEN = "a-token-for-metrics"


@pytest.fixture
def app_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"metrics_token": getattr(request, "param", "")}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_without_a_token_this_machine_may(client: FlaskClient, address: str) -> None:
    response = client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert "# TYPE chat_open_answers gauge" in response.text


@pytest.mark.parametrize("address", ["10.0.0.1", "192.0.2.7", "2001:db8::1", "::ffff:10.0.0.1", "", "unix:"])
def test_without_a_token_no_other_machine_may(client: FlaskClient, address: str) -> None:
    response = client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
    assert (response.status_code, response.get_json()["error"]["code"]) == (403, "metrics_private")


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_without_a_token_nobody_behind_a_proxy_may(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("app_settings", [TOKEN], indirect=True)
@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.7"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_a_token_its_holders_may(client: FlaskClient, address: str, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {TOKEN}", "X-Forwarded-For": "192.0.2.8"}
    response = client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert response.status_code == 200


@pytest.mark.parametrize("app_settings", [TOKEN], indirect=True)
@pytest.mark.parametrize(
    "sent", [None, "", TOKEN, f"Bearer {TOKEN}x", "Bearer", f"Basic {TOKEN}", "Bearer é"]
)
def test_with_a_token_nobody_else_may(client: FlaskClient, sent: str | None) -> None:
    response = client.get("/metrics", headers={"Authorization": sent} if sent is not None else {})
    assert (response.status_code, response.get_json()["error"]["code"]) == (401, "metrics_token_wrong")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
