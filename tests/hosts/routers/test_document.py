from tests.hosts.routers.__main__ import BEGIN, DOCUMENT, END, HEADINGS, TRIES
from tests.hosts.routers.proxies import PROXIES


def test_the_documents_table_is_the_commands() -> None:
    table = DOCUMENT.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    assert table[0] == f"| {' | '.join(HEADINGS)} |"
    names = [line.split(" | ")[0].removeprefix("| ") for line in table[2:]]
    expected = [(f"{proxy.name} as it comes", f"{proxy.name}, {proxy.advice}") for proxy in PROXIES]
    assert {tuple(line.split(" | ")[-3:-1]) for line in table[2:]} == {(f"{TRIES} × 413", f"{TRIES} × 401")}
    assert names == ["none", *(name for pair in expected for name in pair)]
