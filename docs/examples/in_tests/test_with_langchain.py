"""The fixture with LangChain: a model, a chain with structured output, a tool that is called, a refusal."""

import openai
import pytest
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel


class City(BaseModel):
    """A city."""

    name: str
    people: int


@tool
def get_weather(city: str) -> str:
    """Look up a forecast."""
    return f"18 degrees in {city}"


@pytest.fixture
def model(mockllm):
    return ChatOpenAI(model="gpt-5", base_url=mockllm.base_url, api_key="any", max_retries=0)


def test_a_text_whole_and_streamed(mockllm, model):
    mockllm.answer_with("We refund within 14 days.", when={"text": "refund"})
    assert model.invoke("A refund, please").content == "We refund within 14 days."
    assert "".join(chunk.content for chunk in model.stream("Refund!")) == "We refund within 14 days."
    mockllm.expect_request({"text": "refund"}, times=2)


def test_structured_output(mockllm, model):
    mockllm.answer_with({"name": "Paris", "people": 2_100_000})
    assert model.with_structured_output(City).invoke("Paris?") == City(name="Paris", people=2_100_000)


def test_a_tool_is_called_and_its_result_taken_up(mockllm, model):
    mockllm.answer_with(
        calls=[{"name": "get_weather", "arguments": {"city": "Paris"}}], when={"text": "weather"}
    )
    asked = HumanMessage("How is the weather?")
    called = model.bind_tools([get_weather]).invoke([asked])
    result = get_weather.invoke(called.tool_calls[0])
    assert "18 degrees in Paris" in model.invoke([asked, called, result]).content


def test_a_refusal_is_an_exception(mockllm, model):
    mockllm.fail_with(403, "Not in your country.")
    with pytest.raises(openai.PermissionDeniedError, match="Not in your country"):
        model.invoke("Hi")
