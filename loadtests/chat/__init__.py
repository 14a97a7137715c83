"""One chat, as its user has it: what is asked, what comes and when, what should have come."""

from loadtests.chat.apis import APIS, Api
from loadtests.chat.client import Client, ClientError
from loadtests.chat.collecting import (
    Clock,
    Collect,
    Items,
    chat_stream,
    chat_whole,
    collected,
    completion_stream,
    completion_whole,
    streamed,
    whole,
)
from loadtests.chat.events import chat_items, objects, payloads
from loadtests.chat.expected import (
    request_body,
    takes_usage,
    text_from_mock,
    texts_from_app,
    texts_from_mock,
    undelayed,
)
from loadtests.chat.prompts import PromptsError, questions_from
from loadtests.chat.questions import Message, Question, conversations, questions
from loadtests.chat.timing import Answer, BadAnswerError, Timing

__all__ = [
    "APIS",
    "Answer",
    "Api",
    "BadAnswerError",
    "Client",
    "ClientError",
    "Clock",
    "Collect",
    "Items",
    "Message",
    "PromptsError",
    "Question",
    "Timing",
    "chat_items",
    "chat_stream",
    "chat_whole",
    "collected",
    "completion_stream",
    "completion_whole",
    "conversations",
    "objects",
    "payloads",
    "questions",
    "questions_from",
    "request_body",
    "streamed",
    "takes_usage",
    "text_from_mock",
    "texts_from_app",
    "texts_from_mock",
    "undelayed",
    "whole",
]
