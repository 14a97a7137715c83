import json
from typing import Any

import pytest

from mockllm.api.gemini import error_body
from mockllm.api.strictness import check_strictly
from mockllm.values.errors import ApiError

PATH = "/v1beta/models/gemini-2.5-flash:generateContent"


def refused(given: Any, path: str = PATH) -> list[dict[str, str]]:
    """The violations that a client reads."""
    with pytest.raises(ApiError) as caught:
        check_strictly(path, given)
    error = json.loads(error_body(caught.value))["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    violations: list[dict[str, str]] = error["details"][0]["fieldViolations"]
    assert error["message"] == "\n".join(each["description"] for each in violations)
    return violations


@pytest.mark.parametrize(
    ("given", "field", "name"),
    [
        ({"contents": [{"parts": [{"text": "Hi", "txt": ""}]}]}, "contents[0].parts[0]", "txt"),
        ({"contents": {"parts": {"words": 1}}}, "contents.parts", "words"),
        ({"generationConfig": {"max_tokens": 9}}, "generation_config", "max_tokens"),
        ({"generation_config": {"response_schema": {"$schema": ""}}}, "generation_config.response_schema", "$schema"),
        (
            {"generationConfig": {"responseSchema": {"properties": {"a": {"items": {"additionalProperties": False}}}}}},
            "generation_config.response_schema.properties[0].value.items",
            "additionalProperties",
        ),
        (
            {"tools": [{}, {"functionDeclarations": [{"parameters": {"any_of": [{"const": 1}]}}]}]},
            "tools[1].function_declarations[0].parameters.any_of[0]",
            "const",
        ),
        ({"toolConfig": {"functionCallingConfig": {"modes": "ANY"}}}, "tool_config.function_calling_config", "modes"),
        ({"system_instruction": {"content": "Be brief."}}, "system_instruction", "content"),
    ],
)  # fmt: skip
def test_what_is_no_field_is_named_with_its_place(given: Any, field: str, name: str) -> None:
    said = f"Invalid JSON payload received. Unknown name \"{name}\" at '{field}': Cannot find field."
    assert refused(given) == [{"field": field, "description": said}]


def test_all_are_named_at_once_and_those_of_the_request_itself_without_a_place() -> None:
    given = {"messages": [], "safetySettings": [{"method": "x"}], "generationConfig": {"n": 1}}
    violations = refused(given, PATH.replace("generate", "streamGenerate"))
    assert [each.get("field") for each in violations] == [None, "safety_settings[0]", "generation_config"]
    assert violations[0]["description"] == (
        'Invalid JSON payload received. Unknown name "messages": Cannot find field.'
    )


@pytest.mark.parametrize(
    "given",
    [
        {"contents": [{"role": "user", "parts": [{"inline_data": {"mimeType": "image/png", "data": ""}}]}]},
        {"contents": [{"parts": [{"functionCall": {"name": "f", "args": {"anything": 1}}}]}]},
        {"contents": "Hi", "tools": [{"google_search": {"anything": 1}}], "mock": {"anything": 1}},
        {"generationConfig": {"responseJsonSchema": {"$ref": "#"}, "_responseJsonSchema": {}, "top_k": 5}},
        {
            "generationConfig": {
                "responseSchema": {"properties": {"additionalProperties": {"type": "STRING"}}}
            }
        },
        {"generationConfig": {"thinkingConfig": {"include_thoughts": True}, "seed": None}},
        [],
    ],
)
def test_what_google_knows_passes(given: Any) -> None:
    check_strictly(PATH, given)


@pytest.mark.parametrize("method", ["predict", "batchGenerateContent"])
def test_other_methods_are_left_alone(method: str) -> None:
    check_strictly(f"/v1beta/models/gemini-2.5-flash:{method}", {"anything": 1})


@pytest.mark.parametrize(
    ("method", "given", "fields"),
    [
        ("countTokens", {"systemInstruction": {}}, {"description": 'Invalid JSON payload received. Unknown name "systemInstruction": Cannot find field.'}),
        ("countTokens", {"generateContentRequest": {"foo": 1}}, {"field": "generate_content_request"}),
        ("embedContent", {"content": {"partz": []}}, {"field": "content"}),
        ("batchEmbedContents", {"requests": [{"content": {}}, {"foo": 1}]}, {"field": "requests[1]"}),
    ],
)  # fmt: skip
def test_the_other_methods_have_messages_of_their_own(
    method: str, given: Any, fields: dict[str, str]
) -> None:
    (violation,) = refused(given, PATH.replace("generateContent", method))
    assert violation.items() >= fields.items()
    check_strictly(PATH.replace("generateContent", "countTokens"), {"contents": [{"parts": [{"text": "x"}]}]})
