"""Regular expressions that others give: tried in bounded time, and alike on every Python. Pure.

The engine is Rust's, which a JSON Schema validator brings along. It never goes back, so that one pass is all
that any expression takes; those that look around or refer back get so many steps, and short texts only.
Digits (`\\d`) and letters (`\\w`) are ASCII's, as in JavaScript.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from mockllm.values import shown

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_LONGEST = 4096
_MOST_COMPILED_BYTES = 24_000_000
"""A class of Unicode's letters, 255 times over, fits, and is ready after 0.1 s."""
_MOST_STEPS = 100_000
_LONGEST_LOOKED_AROUND = 4096


class PatternError(ValueError):
    """What is no regular expression, or one that would take too long on a text."""


def check_pattern(pattern: object) -> None:
    """Raise PatternError for what is no regular expression."""
    if not isinstance(pattern, str):
        raise PatternError(f"expected a regular expression, got {shown(pattern)}")
    _engine(pattern)


def found(pattern: str, text: str) -> bool:
    """Whether an expression is found anywhere in a text. Raises PatternError."""
    # A large library, for those who have expressions.
    from jsonschema_rs import ValidationError, ValidationErrorKind  # noqa: PLC0415

    validator, looks_around = _engine(pattern)
    if not looks_around:
        return validator.is_valid(text)
    if len(text) > _LONGEST_LOOKED_AROUND:
        problem = f"is only tried on texts of at most {_LONGEST_LOOKED_AROUND} characters, got {len(text)}"
        raise PatternError(f"{shown(pattern[:80])} looks around or refers back, and {problem}")
    try:
        validator.validate(text)
    except ValidationError as error:
        if isinstance(error.kind, ValidationErrorKind.Pattern):
            return False
        raise PatternError(
            f"{shown(pattern[:80])} takes more than {_MOST_STEPS} steps on this text"
        ) from error
    return True


def _engine(pattern: str) -> "tuple[Validator, bool]":
    if len(pattern) > _LONGEST:
        raise PatternError(f"expected an expression of at most {_LONGEST} characters, got {len(pattern)}")
    if (engine := _compiled(pattern)) is None:
        raise PatternError(
            f"not a regular expression as JavaScript writes it, or too large: {shown(pattern[:80])}"
        )
    return engine


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> "tuple[Validator, bool] | None":
    """Return what tries an expression, and whether that may go back; None for what is no expression.

    That it is none is remembered too: to find an expression too large takes longest of all.
    """
    from jsonschema_rs import (  # noqa: PLC0415
        Draft202012Validator,
        FancyRegexOptions,
        RegexOptions,
        ValidationError,
    )

    engines = (
        RegexOptions(size_limit=_MOST_COMPILED_BYTES),
        FancyRegexOptions(backtrack_limit=_MOST_STEPS, size_limit=_MOST_COMPILED_BYTES),
    )
    for engine in engines:
        try:
            validator = Draft202012Validator({"pattern": pattern}, pattern_options=engine)
        except (ValidationError, ValueError):
            continue
        return validator, engine is engines[1]
    return None
