"""`python -m loadtests.stack`: the app and the mock in the foreground; `make run` is this."""

import os
import sys

from loadtests.stack.foreground import in_foreground, run

sys.exit(run(os.environ, in_foreground))
