"""The model's API: a ChatRequest → chunks."""

from __future__ import annotations

import logging
import time
from typing import Any

import httpx2
import openai
from openai import OpenAI

from webapp.chat import ChatRequest, Message, NotReadyError, OverlapTrimmer, request_to_go_on
from webapp.configuration import Settings
from webapp.upstream.asking import stream_asker
from webapp.upstream.chunks import Chunk, ChunkDecoder, ChunkError
from webapp.upstream.client import http_client, tamed
from webapp.upstream.errors import translated
from webapp.upstream.log_fields import failure_fields
from webapp.upstream.transport import Body, PendingBody

log = logging.getLogger(__name__)

NO_KEY = (
    "OPENAI_API_KEY is not set. Set it to your key (on Heroku: heroku config:set OPENAI_API_KEY=sk-...) "
    "and restart; an API that needs no key takes any value."
)
BAD_SETTINGS = "The OpenAI settings make no sense: check OPENAI_BASE_URL and the other OPENAI_ variables."


BYTES_A_TOKEN = 4096
LENIENT_BYTES = 1024 * 1024
CHARACTERS_A_TOKEN = 32
LENIENT_CHARACTERS = 10_000
"""How long an answer may become for each token that it was allowed, and beside: as it travels, and its text.

English has 4 characters a token, a row of dashes 64; a chunk of one token has 300 bytes, with log
probabilities 2,000.
"""
GIVEN_UP_SECONDS = 1.0


class EndlessAnswerError(ChunkError):
    """The upstream does not keep to the length that was asked for."""


WRONG = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    ChunkError,
    RecursionError,
)
"""What an upstream can make the SDK, the transport and the decoder raise."""


class ChatModel:
    """The API that the SDK's own variables name, asked through one client and its pool of connections."""

    def __init__(self, settings: Settings) -> None:
        self._timeouts = httpx2.Timeout(
            settings.first_token_timeout_seconds, connect=settings.connect_timeout_seconds
        )
        self._continues_by_itself = settings.continues_by_itself
        self._client, self.problem = _client()
        self._ask = stream_asker(self._client, self._timeouts) if self._client else None

    @property
    def url(self) -> httpx2.URL | None:
        """Where the API is, or None if that is not known."""
        return self._client.base_url if self._client else None

    def ask(self, request: ChatRequest) -> ModelAnswer:
        """Begin to ask; returns at once. Raises NotReadyError."""
        if self._client is None or self._ask is None:
            raise NotReadyError("not_configured", self.problem or BAD_SETTINGS)
        messages = request.messages
        trimmer = None
        if messages[-1].role == "assistant" and not self._continues_by_itself(request.model):
            trimmer = OverlapTrimmer(messages[-1].content)
            messages = request_to_go_on(messages)
        payload = _payload(request, messages, self._client.base_url.host)
        return ModelAnswer(self._ask(payload), self._timeouts, trimmer, request.max_tokens)


class ModelAnswer:
    """What the model writes, as it comes: relay.Answer over one upstream response."""

    def __init__(
        self,
        opening: PendingBody,
        timeouts: httpx2.Timeout,
        trimmer: OverlapTrimmer | None,
        max_tokens: int,
    ) -> None:
        self.trimmer = trimmer
        """What to pass the text through, if it continues an answer and may repeat it."""
        self.failure_fields: dict[str, object] = {}
        """What the log may say of a failure; empty without one."""
        self._opening = opening
        self._timeouts = timeouts
        self._body: Body | None = None
        self._decoder = ChunkDecoder()
        self._bytes_left = LENIENT_BYTES + max_tokens * BYTES_A_TOKEN
        self._characters_left = LENIENT_CHARACTERS + max_tokens * CHARACTERS_A_TOKEN
        self._given_up = False

    def read(self, timeout: float) -> list[Chunk] | None:
        """As relay.Answer has it. A limit on silence is the caller's to keep."""
        try:
            if self._body is None:
                self._body = self._opening.result(timeout)
                return None
            decoder = self._decoder
            if decoder.done:
                return []
            # An error that came with the last chunks: an upstream that holds the line open may send no more.
            if decoder.error:
                raise decoder.error
            data = self._body.read_available(timeout)
            return (self._decoded(data) or ([] if decoder.done else None)) if data else []
        except httpx2.ReadTimeout:
            return None
        except WRONG as error:
            if self._given_up:
                # Not the upstream's fault: whoever gave the answer up is about to end this wait.
                time.sleep(min(timeout, GIVEN_UP_SECONDS))
                return None
            self.failure_fields = failure_fields(error)
            _forget_frames(error)
            raise translated(error, self._timeouts) from error

    def release(self) -> None:
        """As relay.Answer has it."""
        if self._body is not None:
            self._body.release()

    def close(self) -> None:
        """Break off, in whatever state the upstream is; does nothing after `release`, or a second time.

        It waits for nothing, and may be called from gevent's loop.
        """
        self._given_up = True
        body = self._body or self._opening.cancel()
        if body is not None:
            body.close()

    def _decoded(self, data: bytes) -> list[Chunk]:
        chunks = self._decoder.feed(data)
        self._bytes_left -= len(data)
        for chunk in chunks:
            self._characters_left -= len(chunk.text)
        if self._bytes_left < 0 or self._characters_left < 0:
            raise EndlessAnswerError("The upstream sends more than any answer has")
        return chunks


def _forget_frames(error: BaseException | None) -> None:
    """Keep an error from holding the calls that it passed.

    Parser and decoder keep what they raise, and are kept by those calls: such cycles would wait in megabytes
    for the garbage collector.
    """
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def _client() -> tuple[OpenAI | None, str | None]:
    """Return the SDK's client, or the sentence that tells the operator what it lacks."""
    try:
        client = tamed(OpenAI(http_client=http_client()))
    except openai.OpenAIError:
        return None, NO_KEY
    except (ValueError, httpx2.InvalidURL):
        log.exception("The OpenAI client cannot be made")
        return None, BAD_SETTINGS
    if not client.api_key:
        return None, NO_KEY
    if client.base_url.scheme not in ("http", "https") or not client.base_url.host:
        return None, BAD_SETTINGS
    return client, None


def _payload(request: ChatRequest, messages: tuple[Message, ...], host: str) -> dict[str, Any]:
    # OpenAI's reasoning models refuse `max_tokens`; other vendors' servers may not know its successor.
    limit_name = (
        "max_completion_tokens" if host.endswith(("openai.com", "openai.azure.com")) else "max_tokens"
    )
    payload: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        limit_name: request.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.temperature is not None:
        payload["temperature"] = request.temperature
    return payload
