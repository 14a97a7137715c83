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
    foreign_code,
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
from webapp.chat.messages import MAX_TEMPERATURE, ChatBody, ChatRequest, parse_chat_request

__all__ = [
    "HEARTBEAT",
    "INTERRUPTIONS",
    "LIMIT_OUTCOMES",
    "MAX_TEMPERATURE",
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
    "foreign_code",
    "newest_question",
    "newest_turns",
    "parse_chat_request",
    "request_to_go_on",
    "system_in_question",
]
