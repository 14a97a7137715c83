"""The model's API: a ChatRequest → chunks."""

from __future__ import annotations

import time

import httpx2
import openai
from msgspec import structs

from webapp.chat import ChatError, ChatRequest, NotReadyError, OverlapTrimmer
from webapp.configuration import Settings
from webapp.upstream.asking import stream_asker
from webapp.upstream.client import ask_for_models
from webapp.upstream.decoding import Chunk, ChunkDecoder, ChunkError, ThinkTagSplitter, parts
from webapp.upstream.environment import AZURE_VARIABLES, BAD_SETTINGS, VARIABLES, Variables, client_of
from webapp.upstream.failures import failure_fields, translated
from webapp.upstream.questions import Dialects, Question
from webapp.upstream.transport import Body

MOST_BYTES_A_TOKEN = 4096
LENIENT_BYTES = 1024 * 1024
MOST_CHARACTERS_A_TOKEN = 32
LENIENT_CHARACTERS = 10_000
"""How long an answer may become for each token that it was allowed, and beside: as it travels, and its text.

English has 4 characters a token, a row of dashes 64; a chunk of one token has 300 bytes, with log
probabilities 2,000.
"""
GIVEN_UP_SECONDS = 1.0

LONG_BYTES = 2048
COSTLY_SECONDS = 0.001
REST_FACTOR = 10
MOST_REST_SECONDS = 0.5
"""A long read is decoded in parts. One that costs so much, where tokens cost 0.1 ms, is followed by a rest of
ten times as long: what an upstream can think of shall not take the time of all other answers."""


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
        self._settings = settings
        self._client, self.problem = client_of()
        if self._client:
            self._ask = stream_asker(self._client, self._timeouts)
            self._dialects = Dialects(settings.upstream_dialect, self._client.base_url.host)

    @property
    def url(self) -> httpx2.URL | None:
        """Where the API is, or None if that is not known."""
        return self._client.base_url if self._client else None

    @property
    def variables(self) -> Variables:
        """What the operator has set, or has to."""
        return AZURE_VARIABLES if isinstance(self._client, openai.AzureOpenAI) else VARIABLES

    def knock(self, seconds: float) -> None:
        """Ask the API for something that costs nothing. Raises openai.OpenAIError."""
        if self._client:
            ask_for_models(self._client, seconds)

    def ask(self, request: ChatRequest, request_id: str) -> ModelAnswer:
        """Begin to ask; returns at once. Raises NotReadyError."""
        if self._client is None:
            raise NotReadyError("not_configured", self.problem or BAD_SETTINGS)
        last = request.messages[-1]
        trimmer = OverlapTrimmer(last.content) if last.role == "assistant" else None
        by_itself = self._goes_on_by_itself(request.model)
        question = Question(request, request_id, self._ask, self._dialects, goes_on_by_itself=by_itself)
        splitter = ThinkTagSplitter() if self._settings.writes_think_tags(request.model) else None
        return ModelAnswer(question, self._timeouts, trimmer, splitter, request.max_tokens)

    def _goes_on_by_itself(self, model: str) -> bool:
        dialect = self._dialects.of(model)
        return dialect.continues or dialect.prefix or self._settings.continues_by_itself(model)


class ModelAnswer:
    """What the model writes, as it comes: relay.Answer over one upstream response."""

    def __init__(
        self,
        question: Question,
        timeouts: httpx2.Timeout,
        trimmer: OverlapTrimmer | None,
        splitter: ThinkTagSplitter | None,
        max_tokens: int,
    ) -> None:
        self.trimmer = trimmer
        """What to pass the text through, if it continues an answer and may repeat it."""
        self.failure_fields: dict[str, object] = {}
        """What the log may say of a failure; empty without one."""
        self._question = question
        self._timeouts = timeouts
        self._splitter = splitter
        self._body: Body | None = None
        self._decoder = ChunkDecoder()
        self._bytes_left = LENIENT_BYTES + max_tokens * MOST_BYTES_A_TOKEN
        self._most_characters = LENIENT_CHARACTERS + max_tokens * MOST_CHARACTERS_A_TOKEN
        self._characters_left = self._most_characters
        self._given_up = False

    def read(self, timeout: float) -> list[Chunk] | None:
        """As relay.Answer has it. A limit on silence is the caller's to keep."""
        body, decoder = self._body, self._decoder
        try:
            if body is None:
                self._open(timeout)
                return None
            if decoder.done:
                return []
            # An error that came with the last chunks: an upstream that holds the line open may send no more.
            if decoder.error:
                raise decoder.error
            data = body.read_available(timeout)
            if not data:
                return self._split(self._ended())
            chunks = self._decoded(data) or ([] if decoder.done else None)
            return self._split(chunks) if self._splitter else chunks
        except httpx2.ReadTimeout:
            return None
        except WRONG as error:
            failed = self._failed(error, timeout)
            if failed is None:
                return None
            try:
                raise failed from error
            finally:
                # It and this frame would hold each other.
                del failed

    def _failed(self, error: Exception, timeout: float) -> ChatError | None:
        """Return what to tell; None if the question is put again, or the answer was given up already."""
        if self._given_up:
            # Not the upstream's fault: whoever gave the answer up is about to end this wait.
            time.sleep(min(timeout, GIVEN_UP_SECONDS))
            return None
        _forget_frames(error)
        failed = translated(error, self._timeouts)
        if self._put_again(error, failed.code):
            return None
        self.failure_fields = failure_fields(error)
        return failed

    @property
    def dropped_messages(self) -> int:
        """As relay.Answer has it."""
        return self._question.dropped_messages

    def _open(self, timeout: float) -> None:
        self._body = self._question.opening.result(timeout)
        if self._body is not None:
            self._question.taken()

    def _put_again(self, error: Exception, code: str) -> bool:
        """Ask again, if nothing has come and the question can be put in another way; returns whether."""
        has_begun = self._characters_left < self._most_characters
        if has_begun or not self._question.put_again(error, code):
            return False
        if self._body is not None:
            self._body.close()
        self._body, self._decoder = None, ChunkDecoder()
        return True

    def _split(self, chunks: list[Chunk] | None) -> list[Chunk] | None:
        """Take the thinking out of the text."""
        splitter = self._splitter
        if chunks is None or splitter is None:
            return chunks
        split: list[Chunk] = []
        for chunk in chunks:
            reasoning, text = splitter.feed(chunk.text)
            if chunk.finish_reason or chunk.end:
                late_reasoning, late_text = splitter.flush()
                reasoning, text = reasoning + late_reasoning, text + late_text
            split.append(structs.replace(chunk, text=text, reasoning=chunk.reasoning + reasoning))
        return split

    def release(self) -> None:
        """As relay.Answer has it."""
        if self._body is not None:
            self._body.release()

    def close(self) -> None:
        """Break off, in whatever state the upstream is; does nothing after `release`, or a second time.

        It waits for nothing, and may be called from gevent's loop.
        """
        self._given_up = True
        body = self._body or self._question.opening.cancel()
        if body is not None:
            body.close()

    def _decoded(self, data: bytes) -> list[Chunk]:
        size = len(data)
        chunks = self._decoder.feed(data) if size <= LONG_BYTES else self._decoded_with_rest(data)
        self._bytes_left -= size
        for chunk in chunks:
            self._characters_left -= len(chunk.text) + len(chunk.reasoning)
        if self._bytes_left < 0 or self._characters_left < 0:
            raise EndlessAnswerError("The upstream sends more than any answer has")
        return chunks

    def _ended(self) -> list[Chunk]:
        chunks = self._decoder.end()
        if sum(len(chunk.text) + len(chunk.reasoning) for chunk in chunks) > self._characters_left:
            raise EndlessAnswerError("The upstream sends more than any answer has")
        return chunks

    def _decoded_with_rest(self, data: bytes) -> list[Chunk]:
        chunks: list[Chunk] = []
        decoder = self._decoder
        for part in parts(data, LONG_BYTES):
            begun_at = time.thread_time()
            try:
                chunks += decoder.feed(part)
            except ChunkError:
                if not chunks:
                    raise
            cost = time.thread_time() - begun_at
            if decoder.done or decoder.error:
                break
            if cost > COSTLY_SECONDS:
                time.sleep(min(REST_FACTOR * cost, MOST_REST_SECONDS))
        return chunks


def _forget_frames(error: BaseException | None) -> None:
    """Keep an error from holding the calls that it passed.

    Parser and decoder keep what they raise, and are kept by those calls: such cycles would wait in megabytes
    for the garbage collector.
    """
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
