"""A gunicorn worker that tells, each second, how many greenlets it has: in the file that GREENLETS_FILE names."""

import gc
import os
from pathlib import Path

import greenlet

from webapp.serving.worker import ChatWorker


class CountingWorker(ChatWorker):
    """As the app's own."""

    def notify(self) -> None:
        """Called each second."""
        super().notify()
        living = [each for each in gc.get_objects() if isinstance(each, greenlet.greenlet) and not each.dead]
        Path(os.environ["GREENLETS_FILE"]).write_text(str(len(living)))
