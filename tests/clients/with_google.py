"""Google's own client; what it reads is held against its own types, which take no field that they do not know."""

import json
import os
import urllib.request

from google import genai
from google.genai import errors, types
from pydantic import BaseModel
from telling import expect, raises, tell

URL = os.environ["MOCK_URL"]
client = genai.Client(api_key="any", http_options=types.HttpOptions(base_url=URL))
QUESTION = "What is the weather in Paris?"
MODEL = "mock-tokens12"


class Forecast(BaseModel):
    city: str
    days: int


def get_weather(city: str) -> str:
    """Look up the weather."""
    return f"18 degrees in {city}"


def ask(model=MODEL, contents=QUESTION, **config):
    return client.models.generate_content(
        model=model, contents=contents, config=types.GenerateContentConfig(**config)
    )


def strictly(model, **fields):
    body = json.dumps({"contents": [{"role": "user", "parts": [{"text": QUESTION}]}], **fields}).encode()
    asked = urllib.request.Request(
        f"{URL}/v1beta/models/{model}:generateContent", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked) as answer:
        types.GenerateContentResponse.model_validate(json.load(answer))


def text():
    expect(ask(system_instruction="Be brief.").text)
    expect(client.models.count_tokens(model=MODEL, contents=QUESTION).total_tokens > 5)
    embedded = client.models.embed_content(
        model="gemini-embedding-001",
        contents=["a", "b"],
        config=types.EmbedContentConfig(output_dimensionality=8),
    )
    expect([len(each.values) for each in embedded.embeddings] == [8, 8])
    expect([model.name for model in client.models.list()])
    for model in ("mock", "mock-refusal", "mock-reasoning5", "mock-content_filter@2"):
        strictly(model, generationConfig={"thinkingConfig": {"includeThoughts": True}, "candidateCount": 2})


def stream():
    chunks = list(client.models.generate_content_stream(model=MODEL, contents=QUESTION))
    expect("".join(chunk.text for chunk in chunks) == ask().text)
    expect(len(chunks) == 12)
    expect(chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP)


def tools():
    declared = types.FunctionDeclaration.from_callable(client=client, callable=get_weather)
    (call,) = ask(tools=[types.Tool(function_declarations=[declared])]).function_calls
    expect((call.name, list(call.args)) == ("get_weather", ["city"]))
    expect("18 degrees" in ask(tools=[get_weather], model="mock").text)


def structured():
    shaped = ask(response_mime_type="application/json", response_schema=Forecast)
    expect(isinstance(shaped.parsed, Forecast))


def failing():
    raises(errors.ClientError, lambda: ask(model="mock-rate_limit:10"))
    raises(errors.ServerError, lambda: ask(model="mock-overloaded"))
    raises(errors.ClientError, lambda: ask(temperature=5))


tell(
    "google-genai",
    {
        "text": text,
        "stream": stream,
        "tools": tools,
        "structured": structured,
        "errors": failing,
        "usage": lambda: expect(ask().usage_metadata.candidates_token_count == 12),
    },
)
