"""`python -m mockllm`, and the command `mockllm`."""

import os
import sys

from mockllm.serving import main


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ))


if __name__ == "__main__":
    run()
