"""LlamaIndex's client of OpenAI, which takes only model names that it knows: the knobs stand in the URL."""

import os

import openai
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai import OpenAI
from pydantic import BaseModel
from telling import expect, raises, tell


class Forecast(BaseModel):
    """A forecast."""

    city: str
    days: int


def get_weather(city: str) -> str:
    """Look up a forecast."""
    return city


def model(knobs="tokens12"):
    return OpenAI(
        model="gpt-4o-mini", api_base=f"{os.environ['MOCK_URL']}/{knobs}/v1", api_key="any", max_retries=0
    )


QUESTION = [ChatMessage(role="user", content="What is the weather in Paris?")]


def tools():
    called = model().chat_with_tools([FunctionTool.from_defaults(get_weather)], user_msg=QUESTION[0])
    expect(model().get_tool_calls_from_response(called))


tell(
    "llama-index-llms-openai",
    {
        "text": lambda: expect(model().chat(QUESTION).message.content),
        "stream": lambda: expect(
            "".join(part.delta or "" for part in model().stream_chat(QUESTION))
            == model().chat(QUESTION).message.content
        ),
        "tools": tools,
        "structured": lambda: expect(model().as_structured_llm(Forecast).chat(QUESTION).raw.city),
        "errors": lambda: raises(openai.RateLimitError, lambda: model("rate_limit:10").chat(QUESTION)),
        "usage": lambda: expect(model().chat(QUESTION).raw.usage.completion_tokens == 12),
    },
)
