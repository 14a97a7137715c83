"""How gunicorn serves the app. Every setting stands under its reason.

https://gunicorn.org/reference/settings/
"""

import gc
import math
import os
import platform
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from webapp.configuration import (
    WORKER_CONNECTIONS,
    OneLineIfTaken,
    Settings,
    SettingsError,
    addresses_to_bind,
    any_host,
)
from webapp.serving import metrics_folder
from webapp.serving.worker import end_with_last_words

try:
    _settings = Settings.from_env(os.environ)
    bind = addresses_to_bind(os.environ, any_host())
except SettingsError as error:
    sys.exit(f"webapp: {error}")

# A stream lives for as long as its answer takes: minutes, during which it mostly waits. A greenlet waits for
# a few KiB, a thread for megabytes. ChatWorker is gunicorn's gevent worker, which it teaches to shut down.
worker_class = "webapp.serving.worker.ChatWorker"

# Answers are bound to one core each by Python's lock. Heroku sets WEB_CONCURRENCY by the dyno's size.
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)

# How many connections, streaming or idle, one worker holds. Beyond it the worker stops accepting, so it
# stands well above what one core can stream.
worker_connections = WORKER_CONNECTIONS

# Each answer has two sockets. The soft limit that most shells begin with, 1,024 files, ends at 500 answers.
# macOS allows less than the limit that it names.
for _files in (65_536, 10_240):
    with suppress(ValueError, OSError):
        _soft, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
        _wanted = _files if _most == resource.RLIM_INFINITY else min(_files, _most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(_soft, _wanted), _most))
        break

# Heroku's router keeps idle connections to the app for 90 s. A server that closes first makes it answer
# with a 503 now and then, because a request and the close cross on the wire.
keepalive = 100

# The host sends SIGKILL some time after SIGTERM (Heroku: 30 s); the process must be gone before that. Open
# answers get their last word a little earlier still.
graceful_timeout = math.ceil(_settings.shutdown_grace_seconds)

# The limit on a worker that no longer answers its arbiter, not on a request.
timeout = 60

# The app is loaded after gevent has patched the worker; loaded before, its locks and sockets would block.
preload_app = False

# A file that arbiter and workers touch every second belongs in memory, not on a disk that may stall.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

# It would be a file in the home folder that lets whoever can write to it steer the server.
control_socket_disable = True

# A proxy on the same machine says which scheme the client used. IPv6 sockets write its address like this.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1,::ffff:127.0.0.1"

# A header of a caller's may not move the app to another path, past what a proxy blocks. Where the host trusts
# all addresses, as Heroku does, everybody could send one.
forwarder_headers = ""

# The app writes its own line for each request. Errors and the server's own messages go to stderr.
accesslog = None
loglevel = "warning"


def on_starting(server: Arbiter) -> None:
    """Overrule the environment where it goes before this file, and do once what each worker would do."""
    _overrule(server)
    server.log.error_log.addFilter(OneLineIfTaken(server.cfg.settings["bind"].get()))
    # The SDK tells the API what it runs on, for which Python starts a program, `uname`, and remembers the
    # answer. From here that takes 4 ms, from a worker 12 to 19 ms, in which it serves nobody.
    platform.processor()


def child_exit(_server: object, worker: Worker) -> None:
    """Take a dead worker's open answers out of the figures."""
    metrics_folder.forget_open(Path(os.environ[metrics_folder.VARIABLE]), worker.pid)


def on_exit(_server: object) -> None:
    """Leave nothing behind."""
    metrics_folder.remove(Path(os.environ[metrics_folder.VARIABLE]))


def on_reload(server: Arbiter) -> None:
    """The same for what a reload has read anew."""
    _overrule(server)


def _overrule(server: Arbiter) -> None:
    # Heroku sets GUNICORN_CMD_ARGS="--access-logfile -", which goes before this file: addresses, query
    # strings and user agents would be logged, which nobody asked for. A flag on the command line is a wish.
    if not any(argument.startswith("--access-logfi") for argument in sys.argv):
        server.cfg.set("accesslog", None)
        # It has settled already whether it writes one.
        server.log.setup(server.cfg)
    # gunicorn takes whole seconds only, and works with any.
    if server.cfg.graceful_timeout == graceful_timeout:
        server.cfg.settings["graceful_timeout"].value = _settings.shutdown_grace_seconds


def when_ready(server: Arbiter) -> None:
    """Prepare what the workers share, and take the host's way to stop.

    On Fly.io SIGINT is SIGTERM: its machines stop with it, and gunicorn would drop every answer.
    """
    for put_on in [found for found in server.log.error_log.filters if isinstance(found, OneLineIfTaken)]:
        server.log.error_log.removeFilter(put_on)
    # Not in the body of this file, which a reload runs again; not before the server listens, or a start that
    # fails would leave it behind.
    os.environ[metrics_folder.VARIABLE] = str(metrics_folder.make(worker_tmp_dir))
    if "FLY_APP_NAME" in os.environ:
        queue = server.signal
        signal.signal(signal.SIGINT, lambda _, frame: queue(signal.SIGTERM, frame))  # type: ignore[no-untyped-call]


def post_fork(_server: object, _worker: object) -> None:
    """Load the app without the garbage collector, which would go over the same 110,000 objects many times."""
    gc.disable()


def post_worker_init(worker: Worker) -> None:
    """Give the answers of every kind of worker their last words, and the garbage collector less to do.

    The app and the SDK take 0.1 s for each full pass, in which no stream gets a token. With 500 streams the
    slowest hundredth of first tokens came after 200 ms, without these passes after 60 ms.
    """
    end_with_last_words(worker)
    # No pass before it: the start would wait 0.1 s for the end of 1,800 objects.
    gc.freeze()
    gc.set_threshold(10_000, 10, 20)
    gc.enable()
