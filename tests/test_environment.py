"""A developer's variables reach no test: all that our sources read is known, and goes."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

from loadtests.rig import ROOT
from mockllm.serving.settings import _HOSTS_THAT_ROUTE_TO_ALL_ADDRESSES
from tests.environment import ASIDE, TAKEN
from webapp.configuration.hosts import HOSTS
from webapp.upstream.environment import PROXY_VARIABLES

PACKAGES = ("webapp", "mockllm", "loadtests")
OF_A_REQUEST = re.compile(
    r"(HTTP_(?!PROXY)|SERVER_|REQUEST_|CONTENT_|REMOTE_|wsgi\.|gunicorn\.|uwsgi\.).*|PATH_INFO|RAW_URI"
)
"""WSGI calls what comes with a request `environ` too."""
THE_MACHINES = {"PATH", "PYTHONPATH"}
"""Without them nothing runs."""
BY_LIBRARIES = {
    "GUNICORN_CMD_ARGS",
    "LOCUST_USERS",
    "LOCUST_HOST",
    "OPENAI_ORG_ID",
    "AZURE_OPENAI_ENDPOINT",
    "all_proxy",
    "no_proxy",
    "https_proxy",
    "SSL_CERT_DIR",
    "FLASK_DEBUG",
}
"""What gunicorn, Locust, the vendor's SDK, httpx2 and Flask read by themselves."""


def constants(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def names_read(tree: ast.AST) -> Iterator[str]:
    """The constants that a mapping called `environ` is asked for, and those that name an option's variable."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=asked, attr="get" | "pop"), args=[name, *_]):
                parts = asked, name
            case ast.Subscript(value=asked, slice=name, ctx=ast.Load()):
                parts = asked, name
            case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()], comparators=[asked]):
                parts = asked, name
            case ast.keyword(arg="env_var" | "envvar", value=name):
                yield from constants(name)
                continue
            case _:
                continue
        if ast.unparse(parts[0]).endswith("environ"):
            yield from constants(parts[1])


def read_by_our_sources() -> set[str]:
    files = [
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "peers" not in path.parts
    ]
    sources = [
        source for source in (path.read_text() for path in files) if re.search(r"environ\b|env_?var=", source)
    ]
    return {name for source in sources for name in names_read(ast.parse(source))}


def test_what_our_sources_read_is_put_aside() -> None:
    read = {name for name in read_by_our_sources() if not OF_A_REQUEST.fullmatch(name)}
    assert {"REDIS_URL", "WEB_CONCURRENCY", "PORT", "CHAT_MODEL", "LOADTEST_TOKEN"} <= read, (
        "the search finds them"
    )
    read |= {*HOSTS, *_HOSTS_THAT_ROUTE_TO_ALL_ADDRESSES, *PROXY_VARIABLES, *BY_LIBRARIES}
    assert {name for name in read if not TAKEN.fullmatch(name)} <= THE_MACHINES


def test_a_developers_variables_reach_no_test_but_the_way_into_the_network_is_known_to_downloads() -> None:
    planted = dict.fromkeys(
        BY_LIBRARIES | {*HOSTS, *PROXY_VARIABLES, "PORT", "CHAT_MODEL"}, "http://127.0.0.1:9"
    )
    program = (
        "import json, os; import tests.conftest; from tests.environment import of_downloads;"
        "print(json.dumps([dict(os.environ), of_downloads()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env={**os.environ, **planted}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen, downloads = json.loads(done.stdout)
    assert planted.keys() & seen.keys() == set()
    network = {name for name in planted if name.lower().endswith("_proxy") or name.startswith("SSL_CERT_")}
    assert planted.keys() & downloads.keys() == network
    assert {name for name in seen if name.startswith(ASIDE)} >= {ASIDE + name for name in network}


def test_this_process_has_none() -> None:
    assert [name for name in os.environ if TAKEN.fullmatch(name)] == []
