"""The cheapest relay that asyncio makes easy, aiohttp on both sides, no SDK, typed JSON: `app.py PORT`."""

import os
import sys
from collections.abc import AsyncIterator

import aiohttp
import msgspec
import uvloop
from aiohttp import web

URL = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
KEY = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
SESSION = web.AppKey("session", aiohttp.ClientSession)


class Delta(msgspec.Struct):
    content: str | None = None


class Choice(msgspec.Struct):
    delta: Delta


class Chunk(msgspec.Struct):
    choices: list[Choice]


decode = msgspec.json.Decoder(Chunk).decode


async def session(app: web.Application) -> AsyncIterator[None]:
    """As many connections as there are streams; no limit on how long one lasts."""
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, headers=KEY) as made:
        app[SESSION] = made
        yield


async def chat(request: web.Request) -> web.StreamResponse:
    """Stream the answer as server-sent events."""
    asked = await request.json()
    body = {
        "model": asked["model"],
        "messages": [{"role": "user", "content": asked["prompt"]}],
        "stream": True,
    }
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await answer.prepare(request)
    async with request.app[SESSION].post(URL, json=body) as upstream:
        async for line in upstream.content:
            if not line.startswith(b"data: {"):
                continue
            for choice in decode(line[6:]).choices:
                if choice.delta.content:
                    await answer.write(b"data: " + msgspec.json.encode(choice.delta.content) + b"\n\n")
    await answer.write_eof()
    return answer


app = web.Application()
app.cleanup_ctx.append(session)
app.router.add_post("/chat", chat)

if __name__ == "__main__":
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, backlog=4096)
