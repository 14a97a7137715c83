"""A 429, then a stream that is cut after ten tokens: the same every time, and without any state."""

import os

import openai

client = openai.OpenAI(
    base_url=os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:8001/v1"), api_key="any", max_retries=2
)
rules = [
    # The first attempt is refused; the SDK waits 20 ms and tries again.
    "mock-instant-rate_limit:20*1",
    # The connection is reset in place of the eleventh token.
    "mock-instant-reset@10",
]
for model in rules:
    text = ""
    try:
        for chunk in client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "Tell me about rivers"}], stream=True
        ):
            text += chunk.choices[0].delta.content or ""
        print(f"whole: {len(text)} characters")
    except openai.APIConnectionError:
        print(f"cut after: {text}")
