"""The obvious Flask relay: a generator over the openai SDK's stream."""

from collections.abc import Iterator

from flask import Flask, Response, request
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()


@app.post("/chat")
def chat() -> Response:
    """Stream the answer as server-sent events."""
    asked = request.get_json()

    def events() -> Iterator[str]:
        stream = client.chat.completions.create(
            model=asked["model"], messages=[{"role": "user", "content": asked["prompt"]}], stream=True
        )
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield f"data: {chunk.choices[0].delta.content}\n\n"

    return Response(events(), mimetype="text/event-stream")
