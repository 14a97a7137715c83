"""Receives answers as Locust's users do: the cases of stdin, JSON in, JSON out. A program, since it needs Locust."""

import json
import sys
import time
from dataclasses import asdict

from locust.contrib.fasthttp import FastHttpSession
from locust.event import EventHook

from loadtests.chat import BadAnswerError, chat_stream, chat_whole
from loadtests.load.receiving.receiving import received


def receive(session: FastHttpSession, case: str, expected: str, stall: float) -> object:
    """The times of the answer to POST /case, or its failure."""
    collect = chat_whole if case.startswith("whole") else chat_stream
    sent = time.perf_counter()
    with session.request("POST", f"/{case}", json={}, stream=True, catch_response=True) as response:
        try:
            return asdict(received(response, collect, time.perf_counter, sent, stall).timing(expected))
        except BadAnswerError as error:
            return str(error)
        finally:
            response.success()


def session(url: str, stall: float) -> FastHttpSession:
    return FastHttpSession(
        url, EventHook(), None, max_retries=0, network_timeout=stall, connection_timeout=60
    )


asked = json.load(sys.stdin)
sessions = {stall: session(asked["url"], stall) for stall in asked["stalls"].values()}
outcomes = {
    case: receive(sessions[stall], case, asked["expected"], stall) for case, stall in asked["stalls"].items()
}
json.dump(outcomes, sys.stdout)
