"""SIGTERM, and what stands for it, while answers are being written: nobody is cut, and the process goes in time."""

import contextlib
import json
import signal
import socket
import time
from contextlib import ExitStack

import pytest

from loadtests.rig import send_signal
from loadtests.rig.streams import FORMATS, JSON, NDJSON, SSE, TEXT
from loadtests.stack import Stack
from tests.lifecycle.chat_client import ChatClient, Reply
from tests.lifecycle.processes import PATIENCE_SECONDS, ended

GRACE_SECONDS = 6
"""As much as leaves an answer's end the margin that it has in earnest: half of it, on a busy machine."""
LONG = "mock-ttft10-itl20-tokens1000"
SHORT = "mock-ttft10-itl20-tokens20"


def endings(replies: list[Reply]) -> list[tuple[bool, str, str, str | None]]:
    """Whether each came to its end, and with which last word."""
    lasts = [reply.last for reply in replies]
    return [
        (reply.whole, last["type"], last.get("finish_reason", ""), last.get("reason"))
        for reply, last in zip(replies, lasts, strict=True)
    ]


INTERRUPTED = (True, "done", "interrupted", "shutdown")
FINISHED = (True, "done", "stop", None)


def complaints(stack: Stack) -> list[str]:
    """What the app has printed that is no line of its log, or above `info` in it."""
    lines = stack.output("web").splitlines()
    return [
        line
        for line in lines
        if not (line.startswith("{") and json.loads(line)["level"] in ("debug", "info"))
    ]


def asked(stack: Stack, number: int, model: str) -> list[ChatClient]:
    """Clients whose answers have begun."""
    clients = [ChatClient(stack.port).ask(model) for _ in range(number)]
    for client in clients:
        client.read_until(b'"delta"')
    return clients


def refusals(port: int) -> list[tuple[int, str, str]]:
    """What newcomers are told until the listening socket closes, which takes up to a second."""
    told = []
    with contextlib.suppress(ConnectionError, AssertionError):
        while True:
            with ChatClient(port) as late:
                reply = late.ask("mock-ttft0-itl0-tokens1").reply()
            told.append((reply.status, reply.last["error"]["code"], reply.headers["retry-after"]))
    return told


@pytest.mark.timed
def test_sigterm_ends_each_answer_with_a_last_word() -> None:
    with Stack(env={"CHAT_SHUTDOWN_GRACE_SECONDS": "2"}) as stack, ExitStack() as connections:
        short, long = asked(stack, 2, SHORT), asked(stack, 3, LONG)
        for client in short + long:
            connections.enter_context(client)
        send_signal(signal.SIGTERM, [*(worker.pid for worker in stack.workers()), stack.processes["web"].pid])
        assert endings([client.reply() for client in short]) == [FINISHED] * 2
        assert endings([client.reply() for client in long]) == [INTERRUPTED] * 3
        assert (ended(stack)[0], complaints(stack)) == (0, [])


@pytest.mark.thorough
def test_sigterm_to_every_process_ends_each_answer_with_a_last_word_and_the_process_in_time() -> None:
    env = {"WEB_CONCURRENCY": "2", "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS)}
    with Stack(env=env) as stack, ExitStack() as connections:
        # Would be waited for as if it were an answer.
        connections.enter_context(socket.create_connection(("127.0.0.1", stack.port)))
        short, long = asked(stack, 6, SHORT), asked(stack, 20, LONG)
        for client in short + long:
            connections.enter_context(client)
        told_at = send_signal(
            signal.SIGTERM, [*(worker.pid for worker in stack.workers()), stack.processes["web"].pid]
        )
        assert set(refusals(stack.port)) <= {(503, "shutting_down", "1")}
        assert endings([client.reply() for client in short]) == [FINISHED] * 6
        replies = [client.reply() for client in long]
        last_word_at = time.monotonic()
        code, gone_at = ended(stack)
        assert endings(replies) == [INTERRUPTED] * 20
        assert all(reply.text for reply in replies)
        assert last_word_at - told_at >= GRACE_SECONDS / 2
        assert gone_at - told_at <= GRACE_SECONDS + 4
        assert (code, complaints(stack)) == (0, [])


@pytest.mark.thorough
def test_fly_ios_sigint_is_taken_for_sigterm_and_each_format_says_it_in_its_way() -> None:
    env = {"FLY_APP_NAME": "chat", "HOST": "127.0.0.1", "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS)}
    # Behind a host's proxy an app without any limit warns at its start.
    env["CHAT_REQUESTS_PER_MINUTE"] = "1000"
    with Stack(env=env) as stack, ExitStack() as connections:
        clients = {accept: ChatClient(stack.port).ask(LONG, accept=accept) for accept in FORMATS}
        for client in clients.values():
            connections.enter_context(client)
        clients[SSE].read_until(b'"delta"')
        send_signal(signal.SIGINT, [stack.processes["web"].pid])
        replies = {accept: client.reply() for accept, client in clients.items()}
        assert endings([replies[SSE], replies[NDJSON]]) == [INTERRUPTED] * 2
        # A text has no word for it but to break off.
        assert (replies[TEXT].status, replies[TEXT].whole) == (200, False)
        whole = replies[JSON].last
        assert (whole["finish_reason"], whole["reason"]) == ("interrupted", "shutdown")
        assert replies[SSE].text
        assert replies[TEXT].text
        assert whole["text"]
        assert (ended(stack)[0], complaints(stack)) == (0, [])


@pytest.mark.thorough
def test_a_worker_that_is_recycled_lets_its_answers_end_and_another_serves() -> None:
    env = {"GUNICORN_CMD_ARGS": "--max-requests 8", "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS)}
    with Stack(env=env) as stack, ExitStack() as connections:
        (first,) = stack.workers()
        short, long = asked(stack, 3, SHORT), asked(stack, 4, LONG)
        for client in short + long:
            connections.enter_context(client)
        assert answered(stack) == 200
        assert endings([client.reply() for client in short]) == [FINISHED] * 3
        assert endings([client.reply() for client in long]) == [INTERRUPTED] * 4
        first.wait(PATIENCE_SECONDS)
        assert answered(stack) == 200
        assert complaints(stack) == []


def answered(stack: Stack) -> int:
    with ChatClient(stack.port) as client:
        return client.ask("mock-ttft0-itl0-tokens1").reply().status
