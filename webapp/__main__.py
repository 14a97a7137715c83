"""`python -m webapp`: the Procfile's web process. Becomes gunicorn, with this app and its settings.

gunicorn reads WEB_CONCURRENCY before it reads its configuration, and ends in a traceback where that is not a
number. What it is given here it can read; arguments are passed on to it.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
MOST_WORKERS = 1_000


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment that gunicorn can read; raises ValueError, whose text is one line."""
    passed = dict(environ)
    count = passed.get("WEB_CONCURRENCY", "").strip()
    if not count:
        # A compose file sets what it does not know to nothing.
        passed.pop("WEB_CONCURRENCY", None)
    elif not (count.isascii() and count.isdecimal() and 0 < int(count) <= MOST_WORKERS):
        raise ValueError(
            f"WEB_CONCURRENCY: expected a number of processes from 1 to {MOST_WORKERS}, got {count!r}"
        )
    # gunicorn itself, not `python -m gunicorn`, which cannot start itself anew for SIGUSR2.
    passed["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", os.defpath)])
    return passed


def command(arguments: Sequence[str]) -> list[str]:
    """gunicorn's, from whatever directory it is started."""
    where = ["--chdir", str(HERE.parent), "--config", str(HERE / "gunicorn.conf.py")]
    return ["gunicorn", *where, *arguments, "webapp:create_app()"]


def main() -> None:
    try:
        environ = environment(os.environ)
    except ValueError as error:
        sys.exit(f"webapp: {error}")
    os.execvpe("gunicorn", command(sys.argv[1:]), environ)  # noqa: S606, S607 - in this very environment


if __name__ == "__main__":
    main()
