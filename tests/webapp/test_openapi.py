"""The app's own document of itself: complete, true, and what schemathesis makes requests from.

FUZZ_REQUESTS says how many requests at least are generated in each of two ways; `make fuzz` makes 10,000.
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from webapp.openapi import document
from webapp.settings import Settings

FUZZ_REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "300"))
WEBAPP = Path(__file__).resolve().parents[2] / "webapp"
MODEL = "mock-ttft0-itl0-tokens5"
LEAK = re.compile(
    r'Traceback|\b[A-Z][A-Za-z]*(Error|Exception)\b|File "|\.py\b|site-packages|0x[0-9a-f]{6}|msgspec|werkzeug'
)
"""What an exception's text would show."""


def check_sound(status: int, text: str, sent: object) -> None:
    """Neither broken nor talkative; what the request itself said may be said back."""
    assert status < 500, text
    assert not [leak[0] for leak in LEAK.finditer(text) if leak[0] not in str(sent)], text
    if status >= 400:
        error = json.loads(text)["error"]
        assert error.keys() == {"code", "message", "param", "request_id"}


def raised_codes() -> Iterator[str]:
    """The codes that stand in the source where a RefusedError or a NotReadyError is made."""
    for path in WEBAPP.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                is_error = node.func.id in ("RefusedError", "NotReadyError")
                if is_error and isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value


def test_every_code_is_documented() -> None:
    codes = set(raised_codes())
    assert len(codes) > 15
    told = str(document(Settings(access_token="x" * 16)))
    # There is no path in a document that is not there.
    assert {code for code in codes if f"'{code}'" not in told} == {"not_found"}


def test_every_route_is_documented(client: FlaskClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules() if rule.endpoint != "static"}
    assert client.get("/openapi.json").get_json()["paths"].keys() == rules


@pytest.mark.parametrize(
    ("app_settings", "pattern", "allowed", "refused"),
    [
        ({"model": "m.1", "models": ""}, r"^(m\.1)$", "m.1", "mx1"),
        ({"model": "m", "models": "a-?,b*"}, r"^(m|a\-.|b.*)$", "bxy", "a-12"),
    ],
)
def test_the_limits_are_those_of_the_deployment(
    client: FlaskClient, app_settings: dict[str, Any], pattern: str, allowed: str, refused: str
) -> None:
    name = client.get("/openapi.json").get_json()["components"]["schemas"]["ChatBody"]["properties"]["model"]
    assert name["anyOf"][0]["pattern"] == pattern
    assert re.search(pattern, allowed)
    assert not re.search(pattern, refused)


@pytest.fixture
def app_settings() -> dict[str, Any]:
    # Small limits: schemathesis is fifty times as fast where lengths are small.
    small = {"max_messages": 4, "max_message_chars": 100, "max_output_tokens": 50}
    return {"model": MODEL, "models": "", **small}


@pytest.fixture
def app(client: FlaskClient) -> Flask:
    return client.application


@pytest.fixture
def api(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


FUZZ = settings(
    max_examples=FUZZ_REQUESTS,
    deadline=None,
    # Without shrinking: a failure is to be seen soon, however large.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


def has_whole_float(body: Any) -> bool:
    """JSON Schema takes 5.0 for an integer, the app does not."""
    return isinstance(body, dict) and isinstance(body.get("max_tokens"), float)


@pytest.mark.parametrize("mode", GenerationMode)
def test_requests_that_the_document_leads_to(api: Any, mode: GenerationMode) -> None:
    """Those that keep to it are accepted, those that do not are refused, and each response is as it says."""

    cases = api["/chat"]["POST"].as_strategy(generation_mode=mode)

    @FUZZ
    @given(case=cases.filter(lambda case: not has_whole_float(case.body)))
    def check(case: schemathesis.Case) -> None:
        response = case.call_and_validate()
        check_sound(response.status_code, response.text, (case.headers, case.body))

    check()


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/openapi.json"])
def test_the_other_paths_answer_as_documented(api: Any, path: str) -> None:
    api[path]["GET"].Case().call_and_validate()


HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Authorization",
            "Origin",
            "Sec-Fetch-Site",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Request-ID",
        ]
    ),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40)
    | st.sampled_from(
        ["text/plain", "application/x-ndjson", "application/json", "http://localhost", "same-origin"]
    ),
    max_size=4,
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["messages", "prompt", "model", "max_tokens", "temperature", "stream", "system"])


@given(headers=HEADERS, fields=st.dictionaries(FIELDS, JSON_VALUES, max_size=4), junk=st.binary(max_size=20))
@FUZZ
def test_what_no_document_would_lead_to(
    app: Flask, headers: dict[str, str], fields: dict[str, Any], junk: bytes
) -> None:
    client = app.test_client()
    for response in (
        client.post("/chat", json={"prompt": "Hi", **fields}, headers=headers),
        client.post("/chat", json=fields, headers=headers),
        client.post("/chat", data=junk, content_type="application/json", headers=headers),
    ):
        check_sound(response.status_code, response.text, (headers, fields, junk))
        response.close()
