"""What flows through the app: a question, the objects of its answer, and what can go wrong."""

from webapp.chat.continuation import OverlapTrimmer, request_to_go_on
from webapp.chat.conversation import Message, newest_question, newest_turns, system_in_question
from webapp.chat.errors import (
    INTERRUPTIONS,
    LIMIT_OUTCOMES,
    UPSTREAM_OUTCOMES,
    ChatError,
    InternalError,
    Interrupted,
    LimitedError,
    NotReadyError,
    RefusedError,
    UpstreamError,
)
from webapp.chat.events import (
    HEARTBEAT,
    Delta,
    Done,
    Event,
    Failure,
    Heartbeat,
    Reasoning,
    Start,
    Timing,
    Usage,
)
from webapp.chat.messages import MAX_TEMPERATURE, REASONING_EFFORTS, ChatBody, ChatRequest, parse_chat_request

__all__ = [
    "HEARTBEAT",
    "INTERRUPTIONS",
    "LIMIT_OUTCOMES",
    "MAX_TEMPERATURE",
    "REASONING_EFFORTS",
    "UPSTREAM_OUTCOMES",
    "ChatBody",
    "ChatError",
    "ChatRequest",
    "Delta",
    "Done",
    "Event",
    "Failure",
    "Heartbeat",
    "InternalError",
    "Interrupted",
    "LimitedError",
    "Message",
    "NotReadyError",
    "OverlapTrimmer",
    "Reasoning",
    "RefusedError",
    "Start",
    "Timing",
    "UpstreamError",
    "Usage",
    "newest_question",
    "newest_turns",
    "parse_chat_request",
    "request_to_go_on",
    "system_in_question",
]
