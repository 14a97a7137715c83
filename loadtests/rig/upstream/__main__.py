"""The one upstream as a process: `python -m loadtests.rig.upstream HOST PORT`."""

from __future__ import annotations

import sys

from loadtests.rig.upstream.serving import UpstreamServer, listening

if __name__ == "__main__":
    UpstreamServer(listening(sys.argv[1], int(sys.argv[2]))).serve()
