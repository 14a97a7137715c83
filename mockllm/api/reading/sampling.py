"""The parameters by which all APIs of OpenAI say how a text is to be sampled and sent."""

from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from mockllm.api.reading.body import request_of
from mockllm.rules import MAX_TOKENS
from mockllm.values import ApiError

Count = Annotated[int, Meta(ge=1)]
LeastTokens = Annotated[int, Meta(ge=0, le=MAX_TOKENS)]
Model = Annotated[str, Meta(min_length=1, max_length=512)]
Mock = dict[str, Any]
Penalty = Annotated[float, Meta(ge=-2, le=2)]
Share = Annotated[float, Meta(ge=0, le=1)]
Stop = str | Annotated[list[str], Meta(max_length=4)]
Temperature = Annotated[float, Meta(ge=0, le=2)]
Bias = Annotated[float, Meta(ge=-100, le=100)]
Metadata = Annotated[
    dict[Annotated[str, Meta(max_length=64)], Annotated[str, Meta(max_length=512)]], Meta(max_length=16)
]


class StreamOptions(Struct):
    """What a stream holds beside the text."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class Sampled(Struct, kw_only=True):
    """What every request for a text may say."""

    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Temperature | None = None
    top_p: Share | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    user: str | None = None
    mock: Mock | None = None


class Stopped(Sampled, kw_only=True):
    """What a request may say of where its text begins and ends, in the two older APIs."""

    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    stop: Stop | None = None
    seed: int | None = None
    logit_bias: dict[str, Bias] | None = None
    min_tokens: LeastTokens | None = None
    ignore_eos: bool | None = None

    @property
    def stop_words(self) -> tuple[str, ...]:
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())

    def least_tokens(self, limit: int | None) -> int:
        """Say how long an answer is at least, as vLLM's `min_tokens` and `ignore_eos` mean it.

        An answer that ignores its end is cut by the limit, so it is one token longer than that.
        """
        past_limit = limit + 1 if self.ignore_eos and limit else 0
        return min(max(self.min_tokens or 0, past_limit), MAX_TOKENS)


S = TypeVar("S", bound=Sampled)


def sampled(given: Any, kind: type[S]) -> S:
    """Take what a body says for such a request. Raises ApiError, for stream options without a stream too."""
    request = request_of(given, kind)
    if request.stream_options is not None and not request.stream:
        message = "stream_options: only allowed when stream is true"
        raise ApiError(400, message, param="stream_options", code="invalid_value")
    return request


def tier_of(asked: str | None) -> str:
    """Name the service tier that an answer reports for the one asked for."""
    return {None: "default", "auto": "default", "fast": "priority"}.get(asked, asked or "default")
