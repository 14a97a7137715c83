"""The upstream of the proof: it answers as it should, but for questions that name an attack.

Those go to a process of its own, with the connection on which they came: HOST PORT are the arguments.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
import threading

from loadtests.proofs.attacks.connections import WEAKEST
from loadtests.proofs.attacks.hostile_answers import ANSWERS
from loadtests.rig import UpstreamServer, listening

NAMED = re.compile(rb"hostile ([a-z-]+) #(\d+)")


class DividedUpstream(UpstreamServer):
    """Gives the questions that name an attack away."""

    def __init__(self, listener: socket.socket, hostile: socket.socket) -> None:
        super().__init__(listener)
        self._hostile = hostile

    def _answer(self, sock: socket.socket, head: bytes, body: bytes) -> None:
        if named := NAMED.search(body):
            socket.send_fds(self._hostile, [named[0]], [sock.fileno()])
            self._selector.unregister(sock)
            sock.close()
        else:
            super()._answer(sock, head, body)


def attack(questions: socket.socket) -> None:
    """Answer what comes, each in a thread, until nothing more can."""
    while True:
        asked, files, _, _ = socket.recv_fds(questions, 200, 1)
        named = NAMED.fullmatch(asked)
        if not named:
            return
        sock = socket.socket(fileno=files[0])
        how = (named[1].decode(), int(named[2]))
        threading.Thread(target=_answered, args=(sock, *how), daemon=True).start()


def _answered(sock: socket.socket, name: str, number: int) -> None:
    with sock, contextlib.suppress(OSError):
        sock.setblocking(True)
        ANSWERS[name](sock, number)


def main(host: str, port: int) -> None:
    """Serve until killed, as one process, and attack as another."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        os.nice(WEAKEST)
        attack(theirs)
        return
    theirs.close()
    DividedUpstream(listening(host, port), ours).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
