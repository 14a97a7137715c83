"""`python -m mockllm`."""

import os
import sys

from mockllm.cli import main

sys.exit(main(sys.argv[1:], os.environ))
