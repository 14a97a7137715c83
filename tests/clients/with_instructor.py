"""instructor: structured output by tools and by a schema in the prompt."""

import os

import instructor
import openai
from pydantic import BaseModel
from telling import expect, raises, tell


class User(BaseModel):
    name: str
    age: int


def client(mode=instructor.Mode.TOOLS):
    plain = openai.OpenAI(base_url=f"{os.environ['MOCK_URL']}/v1", api_key="any", max_retries=0)
    return instructor.from_openai(plain, mode=mode)


QUESTION = [{"role": "user", "content": "Jason is 25"}]


def ask(mode=instructor.Mode.TOOLS, model="mock"):
    return client(mode).chat.completions.create(
        model=model, messages=QUESTION, response_model=User, max_retries=0
    )


def structured():
    expect(ask(instructor.Mode.JSON).name)
    expect(ask(instructor.Mode.JSON_SCHEMA).name)


def text():
    plain = client().chat.completions.create(model="mock", messages=QUESTION, response_model=None)
    expect(plain.choices[0].message.content)


def usage():
    _, raw = client().chat.completions.create_with_completion(
        model="mock", messages=QUESTION, response_model=User
    )
    expect(raw.usage.completion_tokens)


tell(
    "instructor",
    {
        "text": text,
        "stream": lambda: expect(
            list(
                client().chat.completions.create_partial(model="mock", messages=QUESTION, response_model=User)
            )[-1].name
        ),
        "tools": lambda: expect(ask().name),
        "structured": structured,
        "errors": lambda: raises(Exception, lambda: ask(model="mock-rate_limit:10")),
        "usage": usage,
    },
)
