import subprocess
import sys
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "webapp" / "gunicorn.conf.py"

# In a process of its own: the configuration is for all of a process.
LOADING = """
import gc, runpy, sys
hooks = runpy.run_path(sys.argv[1])
assert not {"webapp.app", "flask", "httpx2", "openai", "prometheus_client"} & sys.modules.keys(), "not patched"
hooks["post_fork"](None, None)
assert not gc.isenabled()
hooks["post_worker_init"](None)
assert gc.isenabled() and gc.get_freeze_count() > 10_000
"""


def test_garbage_is_collected_again_when_the_app_is_loaded_and_the_app_is_left_out() -> None:
    subprocess.run(
        [sys.executable, "-c", LOADING, str(CONFIGURATION)], cwd=CONFIGURATION.parents[1], check=True
    )
