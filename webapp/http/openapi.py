"""`GET /openapi.json`: what the app takes and gives, in the limits of this deployment.

The objects are described by the very classes that decode and encode them.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, Flask, Response

from webapp.chat import (
    INTERRUPTIONS,
    LIMIT_OUTCOMES,
    MAX_TEMPERATURE,
    UPSTREAM_OUTCOMES,
    ChatBody,
    Delta,
    Done,
    Failure,
    Reasoning,
    Start,
)
from webapp.configuration import REASONING_EFFORTS, Settings
from webapp.http.json_responses import JSON, ErrorReply
from webapp.relay import WholeAnswer

VERSION = "3.2.0"
"""The first that can describe the items of a stream: https://spec.openapis.org/oas/v3.2.0#sequential-media-types"""
REF = "#/components/schemas/{name}"
SOME_TEXT = r"[^\s\x1c-\x1f\x85]"
"""A character that is no whitespace, neither to JavaScript nor to Python, which has five more."""
Json = dict[str, Any]

REFUSALS: dict[int, tuple[str, ...]] = {
    400: (
        "bad_request",
        "body_malformed",
        "invalid_json",
        "invalid_request",
        "max_tokens_out_of_range",
        "message_empty",
        "message_too_long",
        "model_not_allowed",
        "request_too_expensive",
        "role_not_allowed",
        "reasoning_effort_unknown",
        "temperature_out_of_range",
    ),
    401: ("access_denied",),
    403: ("cross_origin",),
    404: ("not_found",),
    405: ("method_not_allowed",),
    406: ("not_acceptable",),
    408: ("body_timeout",),
    413: ("body_too_large",),
    415: ("unsupported_media_type", "unsupported_encoding"),
    421: ("host_unknown",),
    500: ("internal_error",),
    503: ("not_configured", "shutting_down"),
}
"""The codes of `POST /chat`'s errors, by status, beside those of the tables of webapp.chat."""
ANYWHERE: dict[int, tuple[str, ...]] = {status: REFUSALS[status] for status in (404, 405, 421, 500)}
METRICS_REFUSALS: dict[int, tuple[str, ...]] = {
    401: ("metrics_token_wrong",),
    403: ("metrics_private",),
    429: ("rate_limited",),
}
REPLIES = {
    401: "The access token is missing or wrong.",
    403: "Who asks may not: the page of another site, or a stranger.",
    404: "The path is this one, but written in another way: with escapes, or a slash too many.",
    405: "There is this path, but not for this method.",
    406: "None of the media types that Accept names can be had.",
    408: "The body took too long to come.",
    413: "The body is too large.",
    415: "The body's Content-Type is not application/json, or it is encoded.",
    421: "The app was asked under a name that is not its own, or under two.",
    429: "A limit is reached.",
    500: "Something went wrong in the app.",
    502: "The model's API failed.",
    503: "The app is full, not configured or shutting down, or the model's API is overloaded.",
    504: "The model's API took too long.",
}
FINISH_REASON = (
    "The model's own, such as `stop` or `length`; or `interrupted`: send the text back to continue it."
)
REASON = "Of `interrupted`, else left out: " + ", ".join(
    f"`{name}`, {why}" for name, why in INTERRUPTIONS.items()
)
TEXT = "The text alone. A failed answer is cut: the last chunk of its body never comes, or a reset does."
REQUEST_ID = {
    "description": "The caller's, if it is up to 128 of A-Z, a-z, 0-9, `.`, `_` and `-`; else a new one.",
    "schema": {"type": "string"},
}


def register(app: Flask, settings: Settings) -> None:
    """Put the route on the app."""
    encoded = msgspec.json.encode(document(settings))
    routes = Blueprint("openapi", __name__)
    routes.add_url_rule(
        "/openapi.json", endpoint="document", view_func=lambda: Response(encoded, content_type=JSON)
    )
    app.register_blueprint(routes)


def document(settings: Settings) -> Json:
    """Return the OpenAPI document of an app with these settings."""
    (body, _, answer_object, _), schemas = msgspec.json.schema_components(
        [ChatBody, WholeAnswer, Start | Reasoning | Delta | Done | Failure, ErrorReply], ref_template=REF
    )
    schemas["AnswerObject"] = answer_object
    _narrow_question(schemas, settings)
    _narrow_answer(schemas)
    has_token = bool(settings.access_token.get_secret_value())
    chat: Json = {
        "operationId": "chat",
        "summary": "Answer a conversation",
        "description": "What comes back is chosen by `Accept`, and by `stream: false`.",
        "parameters": [{"name": "X-Request-ID", "in": "header", "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "responses": {"200": _answer(), **_errors(_chat_refusals(has_token=has_token))},
        "security": [{"token": []}] if has_token else [],
    }
    return {
        "openapi": VERSION,
        "info": {"title": "First Token", "version": "1", "description": "A chat that streams its answers."},
        "paths": {"/chat": {"post": chat}, **_other_paths()},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _narrow_question(schemas: Json, settings: Settings) -> None:
    """Say what the classes cannot: the limits that the settings draw."""
    fields = schemas["ChatBody"]["properties"]
    content = {"maxLength": settings.max_message_chars, "pattern": SOME_TEXT}
    _value(fields["prompt"]).update(content)
    said = {"properties": {"content": {"pattern": SOME_TEXT}}}
    _value(fields["messages"]).update(minItems=1, contains=said)
    _value(fields["model"]).update(_model_names(settings.model_patterns, settings.model))
    _value(fields["max_tokens"]).update(minimum=1, maximum=settings.max_output_tokens)
    _value(fields["temperature"]).update(minimum=0, maximum=MAX_TEMPERATURE)
    _value(fields["reasoning_effort"])["enum"] = [*REASONING_EFFORTS]
    asking = ["user", *(["system"] * settings.allow_system_messages)]
    schemas["Message"]["anyOf"] = [
        {"properties": {"role": {"enum": asking}, "content": content}},
        # What the app wrote itself it takes back, be it empty or long.
        {"properties": {"role": {"enum": ["assistant"]}, "content": {"type": "string"}}},
    ]
    null = {"type": "null"}
    schemas["ChatBody"]["oneOf"] = [
        {"required": ["prompt"], "properties": {"prompt": {"type": "string"}, "messages": null}},
        {"required": ["messages"], "properties": {"messages": {"type": "array"}, "prompt": null}},
    ]


def _narrow_answer(schemas: Json) -> None:
    """Say what else the classes cannot: the words that we choose from."""
    schemas["Delta"]["properties"]["text"]["minLength"] = 1
    schemas["Failure"]["properties"]["code"]["enum"] = [*UPSTREAM_OUTCOMES, "internal_error"]
    for name in ("Done", "WholeAnswer"):
        fields = schemas[name]["properties"]
        fields["finish_reason"]["description"] = FINISH_REASON
        fields["reason"] = {"type": "string", "enum": [*INTERRUPTIONS], "description": REASON}


def _value(optional: Json) -> Json:
    """Return the schema of what a field holds when it is not null."""
    value: Json = optional["anyOf"][0]
    return value


def _model_names(patterns: tuple[str, ...], default: str) -> Json:
    names = [default, *patterns]
    if any("[" in name for name in names):
        return {}
    regexes = [re.escape(name).replace(r"\*", ".*").replace(r"\?", ".") for name in dict.fromkeys(names)]
    return {"pattern": f"^({'|'.join(regexes)})$"}


def _answer() -> Json:
    item = {"$ref": REF.format(name="AnswerObject")}
    data = {"type": "string", "contentMediaType": JSON, "contentSchema": item}
    event = {"type": "object", "properties": {"data": data}, "required": ["data"]}
    content: Json = {
        # Comment lines, and between the lines of the second empty ones, keep a silent stream alive.
        "text/event-stream": {"itemSchema": event},
        "application/x-ndjson": {"itemSchema": item},
        "text/plain": {"schema": {"type": "string", "description": TEXT}},
        JSON: {"schema": {"$ref": REF.format(name="WholeAnswer")}},
    }
    return {
        "description": "`start`, `reasoning`s and `delta`s, then exactly one of `done` or `error`; or one "
        "whole answer. Ignore types that you do not know.",
        "headers": {"X-Request-ID": REQUEST_ID},
        "content": content,
    }


def _chat_refusals(*, has_token: bool) -> dict[int, tuple[str, ...]]:
    codes = dict(REFUSALS)
    for code, outcome in {**UPSTREAM_OUTCOMES, **LIMIT_OUTCOMES}.items():
        codes[outcome.status] = (*codes.get(outcome.status, ()), code)
    return {status: codes[status] for status in sorted(codes) if has_token or status != 401}


def _errors(refusals: dict[int, tuple[str, ...]]) -> Json:
    return {str(status): _error(status, codes) for status, codes in refusals.items()}


def _error(status: int, codes: tuple[str, ...]) -> Json:
    headers: Json = {"X-Request-ID": REQUEST_ID}
    if status in (429, 503):
        headers["Retry-After"] = {
            "description": "Seconds, where they are known.",
            "schema": {"type": "integer"},
        }
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    if status == 405:
        headers["Allow"] = {"schema": {"type": "string"}}
    reply = {"allOf": [{"$ref": REF.format(name="ErrorReply")}, _with_code(codes)]}
    described = REPLIES.get(status, "The request makes no sense.")
    return {"description": described, "headers": headers, "content": {JSON: {"schema": reply}}}


def _with_code(codes: tuple[str, ...]) -> Json:
    return {"properties": {"error": {"properties": {"code": {"enum": [*codes]}}}}}


def _other_paths() -> Json:
    status = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}
    page = _get("page", "The chat page", "text/html", {"type": "string"})
    ready = _get("readyz", "Whether a chat can be answered", JSON, status)
    ready["get"]["responses"]["503"] = {
        "description": "Not now; `problems` says why.",
        "content": {JSON: {"schema": status}},
    }
    figures = _get("metrics", "Figures for Prometheus", "text/plain", {"type": "string"})
    figures["get"]["responses"] |= _errors(METRICS_REFUSALS)
    return {
        "/": page,
        "/race": _get("race", "Blocking and streaming side by side", "text/html", {"type": "string"}),
        "/healthz": _get("healthz", "Whether the process answers", JSON, status),
        "/readyz": ready,
        "/metrics": figures,
        "/openapi.json": _get("openapi", "This document", JSON, {"type": "object"}),
    }


def _get(name: str, summary: str, media_type: str, schema: Json) -> Json:
    reply = {"description": summary, "content": {media_type: {"schema": schema}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "responses": {"200": reply, **_errors(ANYWHERE)},
        }
    }
