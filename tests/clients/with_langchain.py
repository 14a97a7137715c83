"""LangChain's client of OpenAI."""

import os

import openai
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel
from telling import expect, raises, tell


class Forecast(BaseModel):
    """A forecast."""

    city: str
    days: int


@tool
def get_weather(city: str) -> str:
    """Look up a forecast."""
    return city


def model(name="mock-tokens12", **options):
    url = f"{os.environ['MOCK_URL']}/v1"
    return ChatOpenAI(model=name, base_url=url, api_key="any", max_retries=0, **options)


QUESTION = "What is the weather in Paris?"
tell(
    "langchain-openai",
    {
        "text": lambda: expect(model().invoke(QUESTION).content),
        "stream": lambda: expect(
            "".join(chunk.content for chunk in model().stream(QUESTION)) == model().invoke(QUESTION).content
        ),
        "tools": lambda: expect(model().bind_tools([get_weather]).invoke(QUESTION).tool_calls),
        "structured": lambda: expect(model().with_structured_output(Forecast).invoke(QUESTION).city),
        "errors": lambda: raises(openai.RateLimitError, lambda: model("mock-rate_limit:10").invoke(QUESTION)),
        "usage": lambda: expect(model().invoke(QUESTION).usage_metadata["output_tokens"] == 12),
    },
)
