"""Gemini's API over HTTP. `make clients` holds it against the types of Google's own client."""

import json
import urllib.request
from typing import Any

import pytest

from mockllm import MockLLMServer, Settings, create_app
from mockllm.testing import MockLLM
from tests.mockllm.calls import Caller, Reply

CONTENTS = [{"role": "user", "parts": [{"text": "What is the weather in Paris?"}]}]
PARAMETERS = {
    "type": "OBJECT",
    "properties": {"city": {"type": "STRING"}, "days": {"type": "INTEGER"}},
    "required": ["city"],
}
TOOLS = [{"functionDeclarations": [{"name": "get_weather", "parameters": PARAMETERS}, {"name": "get_time"}]}]
CALL = {"functionCall": {"name": "get_weather", "args": {"city": "Paris"}}}
RESULT = {"functionResponse": {"name": "get_weather", "response": {"output": "18 degrees"}}}


class Gemini:
    """Asks as Google's clients do."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def ask(self, method: str = "generateContent", model: str = "mock-tokens6", **fields: Any) -> Reply:
        body = json.dumps({"contents": CONTENTS, **fields}).encode()
        return self._caller.call("POST", f"/v1beta/models/{model}:{method}", body)

    def told(self, method: str = "generateContent", model: str = "mock-tokens6", **fields: Any) -> Any:
        reply = self.ask(method, model, **fields)
        assert reply.status == 200, reply.body
        return json.loads(reply.body)

    def parts(self, **fields: Any) -> list[dict[str, Any]]:
        (candidate,) = self.told(**fields)["candidates"]
        return list(candidate["content"]["parts"])

    def events(self, **fields: Any) -> list[dict[str, Any]]:
        reply = self.ask("streamGenerateContent?alt=sse", **fields)
        assert reply.headers["content-type"].startswith("text/event-stream")
        events = reply.body.decode().removesuffix("\r\n\r\n").split("\r\n\r\n")
        return [json.loads(event.removeprefix("data: ")) for event in events]


@pytest.fixture
def gemini(caller: Caller) -> Gemini:
    return Gemini(caller)


def said(chunks: list[dict[str, Any]], index: int = 0) -> str:
    return "".join(
        part.get("text", "")
        for chunk in chunks
        for candidate in chunk["candidates"]
        if candidate["index"] == index
        for part in candidate["content"]["parts"]
    )


def test_an_answer_in_one_piece_and_the_same_streamed(gemini: Gemini) -> None:
    whole = gemini.told()
    (candidate,) = whole["candidates"]
    assert (candidate["finishReason"], candidate["content"]["role"]) == ("STOP", "model")
    assert whole["usageMetadata"]["candidatesTokenCount"] == 6
    assert whole["modelVersion"] == "mock-tokens6"
    events = gemini.events()
    assert len(events) == 6
    assert said(events) == candidate["content"]["parts"][0]["text"]
    assert ["finishReason" in event["candidates"][0] for event in events] == [False] * 5 + [True]
    assert events[-1]["usageMetadata"] == whole["usageMetadata"]
    assert events[0]["usageMetadata"]["candidatesTokenCount"] == 1
    assert gemini.told("streamGenerateContent") == events, "without alt=sse it is one array"


def test_both_ways_to_write_a_name_and_both_versions_in_the_path(caller: Caller, gemini: Gemini) -> None:
    config = {"max_output_tokens": 2, "candidate_count": 2}
    told = gemini.told(generation_config=config, system_instruction={"parts": [{"text": "Be brief."}]})
    assert [each["finishReason"] for each in told["candidates"]] == ["MAX_TOKENS"] * 2
    asked = {
        "contents": CONTENTS,
        "generationConfig": {"maxOutputTokens": 2, "candidateCount": 2},
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    }
    path = "/v1/models/mock-tokens6:generateContent"
    other = json.loads(caller.call("POST", path, json.dumps(asked).encode()).body)
    assert other["candidates"] == told["candidates"]


def test_a_stop_sequence_ends_an_answer(gemini: Gemini) -> None:
    full = said([gemini.told(model="mock-tokens20")])
    word = full.split()[3]
    cut = gemini.told(model="mock-tokens20", generationConfig={"stopSequences": [word]})
    assert (said([cut]), cut["candidates"][0]["finishReason"]) == (full[: full.index(word)], "STOP")


def test_functions_are_called_and_their_results_taken_up(gemini: Gemini) -> None:
    (part,) = gemini.parts(tools=TOOLS)
    assert part["functionCall"]["name"] == "get_weather"
    assert list(part["functionCall"]["args"]) == ["city"]
    (event,) = gemini.events(tools=TOOLS)
    assert event["candidates"][0]["content"]["parts"] == [part]
    config = {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get_time"]}}
    (named,) = gemini.parts(tools=TOOLS, toolConfig=config)
    assert named["functionCall"]["name"] == "get_time"
    none = {"functionCallingConfig": {"mode": "NONE"}}
    assert "text" in gemini.parts(tools=TOOLS, toolConfig=none)[0]
    turns = [*CONTENTS, {"role": "model", "parts": [CALL]}, {"role": "user", "parts": [RESULT]}]
    assert "18 degrees" in said([gemini.told(model="mock", contents=turns, tools=TOOLS)])


@pytest.mark.parametrize(
    ("knobs", "names"),
    [
        ({"calls": [{"name": "f", "arguments": ""}]}, ["f"]),
        (
            {"calls": [{"name": "f", "arguments": ""}, {"name": "g"}, {"name": "h", "arguments": ""}]},
            ["f", "g", "h"],
        ),
        ({"text": "Well.", "calls": [{"name": "f", "arguments": ""}]}, ["f"]),
    ],
)
def test_calls_without_arguments_stand_in_the_stream_too(
    gemini: Gemini, knobs: Any, names: list[str]
) -> None:
    events = gemini.events(model="mock", tools=TOOLS, mock=knobs)
    parts = [part for event in events for part in event["candidates"][0]["content"]["parts"]]
    assert [part["functionCall"]["name"] for part in parts if "functionCall" in part] == names
    whole = [part for part in gemini.parts(model="mock", tools=TOOLS, mock=knobs) if "functionCall" in part]
    assert [part for part in parts if "functionCall" in part] == whole
    assert events[-1]["candidates"][0]["finishReason"] == "STOP"


@pytest.mark.parametrize(
    "fault",
    ["error_event@0", "error_event@3", "error_event@99", "error_event", "comments", "crlf", "no_space"],
)
def test_a_fault_of_form_leaves_an_array_an_array(gemini: Gemini, fault: str) -> None:
    reply = gemini.ask("streamGenerateContent", f"mock-tokens6-{fault}")
    entries = json.loads(reply.body)
    assert ["error" in entry for entry in entries] == [False] * (len(entries) - 1) + ["error" in fault]
    assert len(entries) == {
        "error_event@0": 1,
        "error_event": 1,
        "error_event@3": 4,
        "error_event@99": 7,
    }.get(fault, 6)


def test_functions_are_called_what_google_lets_them_be(gemini: Gemini) -> None:
    for name in ("files.read", "crm:find-all", "x" * 128):
        (part,) = gemini.parts(tools=[{"functionDeclarations": [{"name": name}]}])
        assert part["functionCall"]["name"] == name
    (text,) = gemini.parts(
        tools=[{"googleSearch": {}}], toolConfig={"functionCallingConfig": {"mode": "ANY"}}
    )
    assert "text" in text


def test_the_answer_has_the_form_that_is_asked_for(gemini: Gemini) -> None:
    schema = {
        "type": "ARRAY",
        "items": {"type": "STRING", "enum": ["a", "b"]},
        "minItems": "2",
        "maxItems": "2",
    }
    config = {"responseMimeType": "application/json", "responseSchema": schema}
    values = json.loads(said([gemini.told(generationConfig=config)]))
    assert (len(values), set(values) <= {"a", "b"}) == (2, True)
    free = gemini.told(generationConfig={"responseMimeType": "application/json"})
    assert isinstance(json.loads(said([free])), dict)
    assert gemini.ask(generationConfig={"responseSchema": schema}).status == 400
    constant = {"response_mime_type": "application/json", "_responseJsonSchema": {"const": {"a_b": 1}}}
    assert json.loads(said([gemini.told(generationConfig=constant)])) == {"a_b": 1}
    words = {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["a b"]}}
    assert said([gemini.told(generationConfig=words)]) == "a b"
    assert said(gemini.events(generationConfig=words)) == "a b"
    assert gemini.ask(generationConfig={"responseMimeType": "text/x.enum"}).status == 400


def test_thoughts_are_told_where_they_are_wanted_and_counted_anyway(gemini: Gemini) -> None:
    shown = {"thinkingConfig": {"includeThoughts": True}}
    events = gemini.events(mock={"reasoning": 3}, generationConfig=shown)
    parts = [event["candidates"][0]["content"]["parts"][0] for event in events]
    assert [part.get("thought", False) for part in parts] == [True] * 3 + [False] * 6
    hidden = gemini.told(mock={"reasoning": 3})
    assert [part.get("thought") for part in hidden["candidates"][0]["content"]["parts"]] == [None]
    assert hidden["usageMetadata"]["thoughtsTokenCount"] == 3
    assert len(gemini.events(mock={"reasoning": 3})) == 6


def test_a_refusal_is_an_end_for_safety(gemini: Gemini) -> None:
    (candidate,) = gemini.told(mock={"refusal": "No."})["candidates"]
    assert candidate == {
        "content": {"parts": [], "role": "model"},
        "finishReason": "SAFETY",
        "finishMessage": "No.",
        "index": 0,
    }


@pytest.mark.parametrize(
    ("method", "fields", "status", "field"),
    [
        ("generateContent", {"contents": 5}, "INVALID_ARGUMENT", "contents"),
        ("generateContent", {"contents": []}, "INVALID_ARGUMENT", "contents"),
        ("generateContent", {"generationConfig": {"temperature": 3}}, "INVALID_ARGUMENT", "generationConfig.temperature"),
        ("generateContent", {"contents": [{"role": "user", "parts": [RESULT]}]}, "INVALID_ARGUMENT", "contents[0].parts[0].function_response.name"),
        ("generateContent", {"tools": [{"functionDeclarations": [{"name": "a b"}]}]}, "INVALID_ARGUMENT", "tools[0].function_declarations[0].name"),
        ("generateContent", {"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}, "INVALID_ARGUMENT", "tool_config.function_calling_config"),
        ("generateContent", {"tools": [{"googleSearch": {}}, {"functionDeclarations": [{"name": "a b"}]}]}, "INVALID_ARGUMENT", "tools[1].function_declarations[0].name"),
        ("warp", {}, "NOT_FOUND", None),
    ],
)  # fmt: skip
def test_bad_input_is_refused_as_google_does(
    gemini: Gemini, method: str, fields: dict[str, Any], status: str, field: str | None
) -> None:
    reply = gemini.ask(method, **fields)
    assert (reply.error["code"], reply.error["status"]) == (reply.status, status)
    if field:
        assert reply.error["details"][0]["fieldViolations"][0]["field"] == field


def test_the_path_names_the_model_whatever_the_body_says(caller: Caller) -> None:
    asked = {"model": "models/text-embedding-004", "content": {"parts": [{"text": "x"}]}}
    path = "/v1beta/models/mock-rate_limit:embedContent"
    assert caller.call("POST", path, json.dumps(asked).encode()).status == 429


def test_faults_are_googles_errors(gemini: Gemini) -> None:
    limited = gemini.ask(model="mock-rate_limit:2000")
    assert (limited.status, limited.error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert limited.error["details"][0]["retryDelay"] == "2s"
    assert gemini.ask(model="mock-overloaded").error["status"] == "UNAVAILABLE"
    assert gemini.ask(model="mock-bad_key").error["details"][0]["reason"] == "API_KEY_INVALID"
    events = gemini.events(model="mock-tokens6-error_event@3")
    assert [list(event) for event in events][-1] == ["error"]
    plain = gemini.ask("streamGenerateContent?alt=sse", model="mock-tokens6").body
    ended = gemini.ask("streamGenerateContent?alt=sse", model="mock-tokens6-crlf").body
    assert (b"\r\r" in ended, ended.count(b"\n")) == (False, plain.count(b"\n"))


def test_tokens_are_counted_and_texts_embedded(gemini: Gemini) -> None:
    counted = gemini.told("countTokens")["totalTokens"]
    assert counted == gemini.told()["usageMetadata"]["promptTokenCount"]
    meant = {"generateContentRequest": {"contents": CONTENTS}}
    assert gemini.told("countTokens", **meant)["totalTokens"] == counted
    text = {"content": {"parts": [{"text": "rivers"}]}, "outputDimensionality": 4}
    one = gemini.told("embedContent", **text)["embedding"]
    assert len(one["values"]) == 4
    assert gemini.told("batchEmbedContents", requests=[text, text])["embeddings"] == [one, one]


def test_rules_conditions_and_the_journal_know_it(server: MockLLMServer, gemini: Gemini) -> None:
    mock = MockLLM(server.url).for_test("gemini")
    when = {"offers": "get_weather", "text": "Paris", "model": "gemini-*"}
    mock.answer_with("Sunny.", when=when)
    asked = json.dumps({"contents": CONTENTS, "tools": TOOLS}).encode()
    answered = asked_with(mock.headers, server.url, asked)
    assert said([answered]) == "Sunny."
    mock.expect_request({"text": "Paris"}, times=1)
    mock.reset()


def asked_with(headers: dict[str, str], url: str, body: bytes) -> Any:
    path = f"{url}/v1beta/models/gemini-2.5-flash:generateContent"
    asked = urllib.request.Request(path, body, {**headers, "Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


def test_the_key_is_taken_where_google_has_it() -> None:
    client = create_app(Settings(api_key="secret", profile="instant")).test_client()
    path, body = "/v1beta/models/mock:generateContent", {"contents": CONTENTS}
    assert client.post(path, json=body).json["error"]["status"] == "INVALID_ARGUMENT"
    assert client.post(path, json=body, headers={"X-Goog-Api-Key": "secret"}).status_code == 200
    assert client.post(f"{path}?key=secret", json=body).status_code == 200


def test_models_are_listed_as_google_lists_them(caller: Caller) -> None:
    listed = json.loads(caller.call("GET", "/v1beta/models").body)["models"]
    assert listed[0]["name"] == "models/mock"
    assert (
        json.loads(caller.call("GET", "/v1beta/models/gemini-2.5-flash").body)["name"]
        == "models/gemini-2.5-flash"
    )
