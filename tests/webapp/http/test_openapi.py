"""The app's own document of itself: complete, true, and what schemathesis makes requests from.

FUZZ_REQUESTS says how many requests at least are generated in each of two ways; `make fuzz` makes 10,000.
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from webapp.chat.errors import LIMIT_OUTCOMES, UPSTREAM_OUTCOMES, InternalError
from webapp.chat.events import Event, Heartbeat, Timing, Usage
from webapp.configuration.settings import Settings
from webapp.http.json_responses import ErrorDetail, ErrorReply
from webapp.http.openapi import document
from webapp.relay.blocking import WholeAnswer

FUZZ_REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "50"))
WEBAPP = Path(__file__).resolve().parents[3] / "webapp"
OBJECTS = [kind for kind in get_args(Event) if kind is not Heartbeat]
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


def calls(*names: str) -> Iterator[ast.Call]:
    """The calls of these functions, methods and classes in the source."""
    for path in WEBAPP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in names and node.args and isinstance(node.args[0], ast.Constant):
                    yield node


def first_words(*names: str) -> set[str]:
    """What stands first in these calls where it is a constant."""
    return {call.args[0].value for call in calls(*names) if isinstance(call.args[0], ast.Constant)}


def raised_codes() -> Iterator[tuple[str, int]]:
    """The codes and statuses that stand in the source where a RefusedError or a NotReadyError is made."""
    for call in calls("RefusedError", "NotReadyError"):
        assert isinstance(call.func, ast.Name)
        assert isinstance(call.args[0], ast.Constant)
        status = next((keyword.value for keyword in call.keywords if keyword.arg == "status"), None)
        default = 503 if call.func.id == "NotReadyError" else 400
        if status is None or isinstance(status, ast.Constant):
            yield call.args[0].value, status.value if status else default


@pytest.fixture(scope="module")
def told() -> Any:
    """The document of an app with an access token, which has the most to say."""
    return document(Settings(access_token="x" * 16))


@pytest.fixture(scope="module")
def schemas(told: Any) -> Any:
    return told["components"]["schemas"]


def codes_of(responses: Any, status: int) -> list[str]:
    (_, with_code) = responses[str(status)]["content"]["application/json"]["schema"]["allOf"]
    codes: list[str] = with_code["properties"]["error"]["properties"]["code"]["enum"]
    return codes


def test_every_code_is_documented_under_its_status(told: Any) -> None:
    tables = {**UPSTREAM_OUTCOMES, **LIMIT_OUTCOMES}
    raised = {*raised_codes(), *((code, outcome.status) for code, outcome in tables.items())}
    assert len(raised) > 35
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    documented = {
        (code, int(status))
        for operation in operations
        for status in operation["responses"].keys() - {"200"}
        if "allOf" in str(operation["responses"][status])
        for code in codes_of(operation["responses"], int(status))
    }
    assert raised <= documented
    # No such path or method: werkzeug's own, whose status is passed on.
    assert documented - raised == {
        ("bad_request", 400),
        ("internal_error", 500),
        ("method_not_allowed", 405),
    }


@pytest.mark.parametrize("environ", [{"HTTP_HOST": "evil.example"}, {"RAW_URI": "//"}])
def test_what_is_refused_before_a_route_is_documented_with_each(
    client: FlaskClient, told: Any, environ: dict[str, str]
) -> None:
    for path in told["paths"].keys() - {"/chat"}:
        response = client.get(path, environ_overrides=environ)
        refusals = codes_of(told["paths"][path]["get"]["responses"], response.status_code)
        assert response.get_json()["error"]["code"] in refusals


@pytest.mark.parametrize("app_settings", [{"metrics_token": "x" * 16, "requests_per_minute": 1}])
def test_what_refuses_the_figures_is_documented_there_and_nowhere_else(
    client: FlaskClient, told: Any, app_settings: dict[str, Any]
) -> None:
    assert app_settings
    guesses = [client.get("/metrics") for _ in range(2)]
    assert [guess.status_code for guess in guesses] == [401, 429]
    for guess in guesses:
        refusals = codes_of(told["paths"]["/metrics"]["get"]["responses"], guess.status_code)
        assert refusals == [guess.get_json()["error"]["code"]]
    assert "metrics" not in str(told["paths"]["/chat"]["post"]["responses"])


def test_every_object_of_an_answer_is_documented(schemas: Any) -> None:
    mapping = schemas["AnswerObject"]["discriminator"]["mapping"]
    assert mapping == {
        kind.__struct_config__.tag: f"#/components/schemas/{kind.__name__}" for kind in OBJECTS
    }


@pytest.mark.parametrize("kind", [*OBJECTS, WholeAnswer, Timing, Usage, ErrorReply, ErrorDetail])
def test_every_field_of_an_answer_is_documented(schemas: Any, kind: type[msgspec.Struct]) -> None:
    tag = kind.__struct_config__.tag_field
    fields = {field.encode_name for field in msgspec.structs.fields(kind)} | ({tag} if tag else set())
    assert schemas[kind.__name__]["properties"].keys() == fields


def test_a_blocking_answer_says_all_that_a_stream_says_at_its_ends(schemas: Any) -> None:
    whole = schemas["WholeAnswer"]["properties"]
    streamed = {name: schemas[name]["properties"] for name in ("Start", "Done")}
    said = {**streamed["Start"], **streamed["Done"], "text": {"type": "string"}}
    del said["type"]
    said["reasoning"] = whole["reasoning"]
    assert whole == said


def test_every_failure_and_every_interruption_is_documented(schemas: Any) -> None:
    raised = first_words("UpstreamError") | set(UPSTREAM_OUTCOMES) | {InternalError().code}
    assert set(schemas["Failure"]["properties"]["code"]["enum"]) == raised
    reasons = first_words("Interrupted", "interrupt")
    assert reasons
    for name in ("Done", "WholeAnswer"):
        assert set(schemas[name]["properties"]["reason"]["enum"]) == reasons


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
