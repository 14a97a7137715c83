"""What a field may hold that takes texts and tokens alike: one thing or several. Pure."""

from typing import Annotated

from msgspec import Meta

from mockllm.values import ApiError

Token = Annotated[int, Meta(ge=0)]
Tokens = Annotated[list[Token], Meta(min_length=1)]
TextsOrTokens = str | Annotated[list[str | Token | Tokens], Meta(min_length=1)]


def each_apart(given: TextsOrTokens, param: str, expected: str) -> list[str | list[int]]:
    """List what is asked: of tokens alone it is one thing. Raises ApiError for a list that mixes kinds."""
    several: list[str | int | list[int]] = [given] if isinstance(given, str) else given
    if len({type(each) for each in several}) > 1:
        message = f"{param}: expected {expected}, not a mixture"
        raise ApiError(400, message, param=param, code="invalid_type")
    if tokens := [each for each in several if isinstance(each, int)]:
        return [tokens]
    return [each for each in several if not isinstance(each, int)]
