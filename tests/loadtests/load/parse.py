"""Parses each option of the command line alone, as Locust does: JSON out. A program, since it needs Locust."""

import contextlib
import io
import json
import sys

from locust.argument_parser import get_parser

from loadtests.load.options import add_options


def parse(option: str) -> tuple[object, str]:
    """The exit code and what is said."""
    parser = get_parser(default_config_files=[])
    add_options(parser)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            parser.parse_args([option])
        except SystemExit as ended:
            return ended.code, said.getvalue()
    return 0, ""


json.dump({option: parse(option) for option in sys.argv[1:]}, sys.stdout)
