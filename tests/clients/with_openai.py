"""OpenAI's own client."""

import os

import openai
from pydantic import BaseModel
from telling import expect, raises, tell

client = openai.OpenAI(base_url=f"{os.environ['MOCK_URL']}/v1", api_key="any", max_retries=0)
QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class Forecast(BaseModel):
    city: str
    days: int


def ask(**fields):
    return client.chat.completions.create(**{"model": "mock-tokens12", "messages": QUESTION, **fields})


def stream():
    chunks = list(ask(stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    expect(text == ask().choices[0].message.content)
    events = list(client.responses.create(model="mock-tokens12", input="Hello", stream=True))
    expect(events[-1].type == "response.completed")


def structured():
    parsed = client.chat.completions.parse(model="mock", messages=QUESTION, response_format=Forecast)
    expect(parsed.choices[0].message.parsed.city)
    expect(client.responses.parse(model="mock", input="Paris?", text_format=Forecast).output_parsed.city)


tell(
    "openai",
    {
        "text": lambda: expect(ask().choices[0].message.content),
        "stream": stream,
        "tools": lambda: expect(
            ask(tools=[{"type": "function", "function": TOOL}]).choices[0].message.tool_calls
        ),
        "structured": structured,
        "errors": lambda: raises(openai.RateLimitError, lambda: ask(model="mock-rate_limit:10")),
        "usage": lambda: expect(ask().usage.completion_tokens == 12),
    },
)
