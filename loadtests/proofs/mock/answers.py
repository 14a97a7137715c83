"""What came of one request, byte for byte, and whether it is what comes of it when nobody else asks."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from typing import Literal

from loadtests.proofs.mock.asking import Asked
from loadtests.rig import HOST

HANGING_SECONDS = 30.0
_READ_BYTES = 4096

# Anthropic's refusals name the attempt, which is another each time; the name may be cut.
_ATTEMPT = re.compile(rb'("request_id":")[^"]*"?')

Ending = Literal["whole", "cut", "reset", "left", "hung"]


@dataclass(frozen=True)
class Answer:
    """The body without its framing, as far as it was read, and how it ended; no status if no head came."""

    status: int
    body: bytes
    ending: Ending


def answer_to(asked: Asked, port: int, leave_after: int | None = None) -> Answer:
    """Ask, and read to the end, or leave when so many bytes of the body have come."""
    most = asked.most_bytes or leave_after
    connection = http.client.HTTPConnection(HOST, port, timeout=HANGING_SECONDS)
    status, body = 0, b""
    try:
        connection.request("POST", asked.path, asked.body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        status = response.status
        while most is None or len(body) < most:
            piece = response.read1(_READ_BYTES)
            if not piece:
                return Answer(status, body, "cut" if response.length else "whole")
            body += piece
    except TimeoutError:
        return Answer(status, body, "hung")
    except http.client.IncompleteRead as error:
        return Answer(status, body + error.partial, "cut")
    except (http.client.HTTPException, OSError):
        return Answer(status, body, "reset")
    finally:
        connection.close()
    return Answer(status, body, "left")


def complaint(came: Answer, alone: Answer) -> str:
    """Say what is wrong with an answer, by that which comes alone; nothing if it is right.

    Of an answer that is reset the kernel throws away what was not read yet.
    """
    if came.ending == "hung":
        return f"hung after {len(came.body)} bytes"
    if came.status != alone.status and "reset" not in (came.ending, alone.ending):
        return f"status {came.status} in place of {alone.status}"
    bodies = [_ATTEMPT.sub(rb"\1", each.body) for each in (came, alone)]
    if came.ending == "left" or alone.ending == "reset":
        shorter, longer = sorted(bodies, key=len)
        same = longer.startswith(shorter)
    else:
        same = bodies[0] == bodies[1]
    if not same:
        return f"other bytes: {len(came.body)} came, {len(alone.body)} are planned"
    is_as_planned = came.ending in ("left", alone.ending)
    return "" if is_as_planned else f"ended {came.ending} in place of {alone.ending}"
