from tests.upstreams.__main__ import BEGIN, DOCUMENT, END
from tests.upstreams.checks import CHECKS
from tests.upstreams.servers import SERVERS


def test_the_documents_table_is_of_the_commands_servers_and_checks() -> None:
    table = DOCUMENT.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    assert table[0] == f"| {' | '.join(['server', 'version', *CHECKS])} |"
    names = {line.split(" | ")[0].removeprefix("| ") for line in table[2:]}
    assert names == {server.name for server in SERVERS}
