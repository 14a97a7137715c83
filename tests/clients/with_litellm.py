"""litellm, by its OpenAI and its Anthropic side."""

import os

import litellm
from pydantic import BaseModel
from telling import expect, raises, tell

URL = os.environ["MOCK_URL"]
QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


class Forecast(BaseModel):
    city: str
    days: int


def ask(model="mock-tokens12", **fields):
    asked = {"messages": QUESTION, "api_key": "any", "num_retries": 0, "max_retries": 0, **fields}
    return litellm.completion(model=f"openai/{model}", api_base=f"{URL}/v1", **asked)


def text():
    expect(ask().choices[0].message.content)
    other = litellm.completion(
        model="anthropic/mock-tokens12", api_base=URL, api_key="any", messages=QUESTION
    )
    expect(other.choices[0].message.content == ask().choices[0].message.content, "by Anthropic's API")


def stream():
    told = "".join(chunk.choices[0].delta.content or "" for chunk in ask(stream=True))
    expect(told == ask().choices[0].message.content)


tell(
    "litellm",
    {
        "text": text,
        "stream": stream,
        "tools": lambda: expect(ask(tools=[TOOL]).choices[0].message.tool_calls),
        "structured": lambda: expect(
            Forecast.model_validate_json(ask(response_format=Forecast).choices[0].message.content).city
        ),
        "errors": lambda: raises(litellm.RateLimitError, lambda: ask("mock-rate_limit:10")),
        "usage": lambda: expect(ask().usage.completion_tokens == 12),
    },
)
