"""The stack of the founding measurement: FastAPI's StreamingResponse over AsyncOpenAI, the obvious way."""

from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from pydantic import BaseModel

app = FastAPI()
client = AsyncOpenAI()


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
