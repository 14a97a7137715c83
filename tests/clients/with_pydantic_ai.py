"""pydantic-ai, whose agents call a tool and take up its result by themselves."""

import asyncio
import os

from pydantic import BaseModel
from pydantic_ai import Agent, PromptedOutput
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from telling import expect, raises, tell


class Forecast(BaseModel):
    city: str
    days: int


QUESTION = "What is the weather in Paris?"
asked = []


def agent(name="mock-tokens12", **options):
    provider = OpenAIProvider(base_url=f"{os.environ['MOCK_URL']}/v1", api_key="any")
    return Agent(OpenAIChatModel(name, provider=provider), **options)


async def streamed():
    async with agent().run_stream(QUESTION) as result:
        return await result.get_output()


def tools():
    helped = agent()

    @helped.tool_plain
    def get_weather(city: str) -> str:
        asked.append(city)
        return "18 degrees"

    expect("18 degrees" in helped.run_sync(QUESTION).output and asked)


def structured():
    expect(agent(output_type=Forecast).run_sync(QUESTION).output.city)
    expect(agent(output_type=PromptedOutput(Forecast)).run_sync(QUESTION).output.city)


def usage():
    told = agent().run_sync(QUESTION).usage
    expect((told() if callable(told) else told).output_tokens == 12)


tell(
    "pydantic-ai-slim",
    {
        "text": lambda: expect(agent().run_sync(QUESTION).output),
        "stream": lambda: expect(asyncio.run(streamed()) == agent().run_sync(QUESTION).output),
        "tools": tools,
        "structured": structured,
        "errors": lambda: raises(ModelHTTPError, lambda: agent("mock-context_length").run_sync(QUESTION)),
        "usage": usage,
    },
)
