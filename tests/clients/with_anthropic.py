"""Anthropic's own client."""

import os

import anthropic
from pydantic import BaseModel
from telling import expect, raises, tell

client = anthropic.Anthropic(base_url=os.environ["MOCK_URL"], api_key="any", max_retries=0)
TOOL = {"name": "get_weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}
BASE = {
    "model": "mock-tokens12",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
}


class Forecast(BaseModel):
    city: str
    days: int


def ask(**fields):
    return client.messages.create(**{**BASE, **fields})


def stream():
    with client.messages.stream(**BASE) as events:
        expect("".join(events.text_stream) == ask().content[0].text)


tell(
    "anthropic",
    {
        "text": lambda: expect(ask().content[0].text),
        "stream": stream,
        "tools": lambda: expect(ask(tools=[TOOL]).stop_reason == "tool_use"),
        "structured": lambda: expect(
            client.messages.parse(**BASE, output_format=Forecast).parsed_output.city
        ),
        "errors": lambda: raises(anthropic.RateLimitError, lambda: ask(model="mock-rate_limit:10")),
        "usage": lambda: expect(ask().usage.output_tokens == 12),
    },
)
