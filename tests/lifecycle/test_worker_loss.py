"""One of two workers is killed: its answers break off visibly, the other's do not, and a new one takes its place."""

import signal
import time
from contextlib import ExitStack

import pytest

from loadtests.rig import send_signal
from loadtests.stack import Stack
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.processes import client_ports
from tests.waiting import until

MODEL = "mock-ttft10-itl40-tokens200"
"""Eight seconds: on a busy machine none may be through before the worker is killed."""


@pytest.mark.thorough
def test_a_killed_worker_takes_only_its_own_answers_with_it() -> None:
    with Stack(env={"WEB_CONCURRENCY": "2"}) as stack, ExitStack() as connections:
        killed, survivor = stack.workers()
        clients = [connections.enter_context(ChatClient(stack.port).ask(MODEL)) for _ in range(30)]
        # The stack is up as soon as one worker answers. The other may still be on its way.
        while not (client_ports(killed, stack.port) and client_ports(survivor, stack.port)):
            clients.append(connections.enter_context(ChatClient(stack.port).ask(MODEL)))
            time.sleep(0.02)
        for client in clients:
            client.read_until(b'"delta"')
        lost = client_ports(killed, stack.port)
        send_signal(signal.SIGKILL, [killed.pid])
        replies = {client.sock.getsockname()[1]: client.reply() for client in clients}
        assert {port for port, reply in replies.items() if not reply.whole} == lost
        assert all(reply.last["type"] == "done" for port, reply in replies.items() if port not in lost)
        assert not any(reply.last["type"] == "done" for port, reply in replies.items() if port in lost)

        found = until(lambda: len(workers := stack.workers()) == 2 and {worker.pid for worker in workers})
        assert survivor.pid in found
        assert killed.pid not in found
        # A retry, whoever of the two serves it.
        with ChatClient(stack.port) as client:
            assert client.ask("mock-ttft0-itl0-tokens3").reply().last["type"] == "done"
