"""A gunicorn worker that tells, each second, how many greenlets it has: in the file that GREENLETS_FILE names.

With the time of the monotonic clock at which it began to look.
"""

import gc
import os
import time
from pathlib import Path

import greenlet

from webapp.serving.worker import ChatWorker


class CountingWorker(ChatWorker):
    """As the app's own."""

    def notify(self) -> None:
        """Called each second."""
        super().notify()
        looked_at = time.monotonic()
        living = [each for each in gc.get_objects() if isinstance(each, greenlet.greenlet) and not each.dead]
        file = Path(os.environ["GREENLETS_FILE"])
        beside = file.with_name(f"{file.name}-{os.getpid()}")
        beside.write_text(f"{looked_at} {len(living)}")
        beside.replace(file)
