"""When each token is due, and the sending of it at that moment."""

from mockllm.timing.batch import Batch
from mockllm.timing.delivery import Delivery
from mockllm.timing.lateness import WINDOW_SECONDS, Lateness, LatenessBoard
from mockllm.timing.pacing import (
    DEFAULT_PROFILE,
    PROFILES,
    Pace,
    at_speed,
    cached_tokens,
    due,
    total_seconds,
    with_prompt,
    with_rhythm,
)
from mockllm.timing.sender import Sender

__all__ = [
    "DEFAULT_PROFILE",
    "PROFILES",
    "WINDOW_SECONDS",
    "Batch",
    "Delivery",
    "Lateness",
    "LatenessBoard",
    "Pace",
    "Sender",
    "at_speed",
    "cached_tokens",
    "due",
    "total_seconds",
    "with_prompt",
    "with_rhythm",
]
