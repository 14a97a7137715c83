import re
from pathlib import Path

from tests.upstreams import servers
from tests.upstreams.__main__ import BEGIN, DOCUMENT, END
from tests.upstreams.checks import CHECKS
from tests.upstreams.installing import VERSIONS
from tests.upstreams.servers import SERVERS


def test_the_documents_table_is_of_the_commands_servers_and_checks() -> None:
    table = DOCUMENT.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    assert table[0] == f"| {' | '.join(['server', 'version', *CHECKS])} |"
    names = {line.split(" | ")[0].removeprefix("| ") for line in table[2:]}
    assert names == {server.name for server in SERVERS}


def test_the_version_that_a_server_is_named_with_is_the_one_that_is_pinned() -> None:
    source = Path(servers.__file__).read_text("utf-8")
    named = dict(re.findall(r'"([a-z-]+)(?:\[\w+\])?==([\d.]+)"', source))
    pinned = dict(
        line.split("==") for file in VERSIONS.glob("*.txt") for line in file.read_text("utf-8").splitlines()
    )
    assert named
    assert {name: pinned.get(name) for name in named} == named
