"""`python -m tests.hosts.unframed_server PORT`: the app under Python's own server, which frames no body.

It answers HTTP/1.0 and closes, whatever the client speaks, and calls it HTTP/1.1 to the app.
"""

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from webapp import create_app


class ThreadedServer(ThreadingMixIn, WSGIServer):
    """One thread a request, which does not keep the process from ending."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Leaves the log to the app."""

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), create_app(), ThreadedServer, QuietHandler) as server:
        server.serve_forever()
