"""The stack of the founding measurement: FastAPI's StreamingResponse over AsyncOpenAI, the obvious way.

With POOL_CONNECTIONS set, the SDK's pool holds that many connections instead of its own 1,000.
"""

import os
from collections.abc import AsyncIterator

import httpx2
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from pydantic import BaseModel

app = FastAPI()


def pool(connections: int) -> DefaultAsyncHttpxClient:
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    return DefaultAsyncHttpxClient(limits=limits)


POOL_CONNECTIONS = int(os.environ.get("POOL_CONNECTIONS", "0"))
client = AsyncOpenAI(http_client=pool(POOL_CONNECTIONS) if POOL_CONNECTIONS else None)


class Chat(BaseModel):
    """A question to a model."""

    model: str
    prompt: str


@app.post("/chat")
async def chat(asked: Chat) -> StreamingResponse:
    """Stream the answer as server-sent events."""

    async def events() -> AsyncIterator[str]:
        stream = await client.chat.completions.create(
            model=asked.model, messages=[{"role": "user", "content": asked.prompt}], stream=True
        )
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield f"data: {chunk.choices[0].delta.content}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")
