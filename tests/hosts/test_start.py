"""How the web process starts, where hosts, supervisors and operators start it: sockets, signals, variables."""

import json
import os
import signal
import socket
import time
from contextlib import closing
from pathlib import Path

import pytest

from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts.started import Started, web_process
from tests.waiting import until

LOOPBACK = "127.0.0.1"
QUICK_END = {"CHAT_SHUTDOWN_GRACE_SECONDS": "2"}
PATIENCE_SECONDS = 40.0


def own_addresses() -> list[str]:
    """This machine's addresses beside the loopback, IPv4 and IPv6."""
    found = []
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                # Nothing is sent: it only asks which address a packet would come from.
                probe.connect((elsewhere, 9))
            except OSError:
                continue
            found.append(probe.getsockname()[0])
    return [address for address in found if address not in (LOOPBACK, "::1")]


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


def test_with_a_port_it_is_reached_at_every_address(tmp_path: Path) -> None:
    port = free_port()
    with web_process(tmp_path, {**QUICK_END, "PORT": str(port)}, (LOOPBACK, port)) as web:
        hosts = [*own_addresses(), *(["::1"] if has_ipv6() else [])]
        assert [host for host in hosts if not web.answers(host)] == []
        # The same client, whichever address it takes: figures are for callers on this machine.
        with closing(web.connection(LOOPBACK)) as connection:
            connection.request("GET", "/metrics")
            assert connection.getresponse().status == 200


def test_without_a_port_nobody_else_reaches_it(tmp_path: Path) -> None:
    port = free_port()
    bound = f"--bind {LOOPBACK}:{port}"
    with web_process(tmp_path, QUICK_END, (LOOPBACK, port), arguments=bound) as web:
        assert not any(web.answers(host) for host in own_addresses())
        assert web.printed() == ""


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["::", pytest.param("::1", marks=pytest.mark.thorough)])
def test_it_listens_on_ipv6(host: str, tmp_path: Path) -> None:
    port = free_port()
    with web_process(tmp_path, {**QUICK_END, "HOST": host, "PORT": str(port)}, ("::1", port)) as web:
        assert web.printed() == ""


@pytest.mark.thorough
def test_it_listens_where_the_command_line_says(tmp_path: Path) -> None:
    path = str(tmp_path / "chat.sock")
    # A port that is taken is none of its business.
    with socket.create_server((LOOPBACK, 0)) as taken:
        environ = {**QUICK_END, "HOST": LOOPBACK, "PORT": str(taken.getsockname()[1])}
        with web_process(tmp_path, environ, path, arguments=f"--bind unix:{path}") as web:
            assert web.printed() == ""


@pytest.mark.thorough
def test_it_takes_the_socket_that_systemd_hands_on(tmp_path: Path) -> None:
    """sd_listen_fds(3): the sockets are numbered from 3, for the process whose id is in LISTEN_PID."""
    hand_on = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ['LISTEN_PID'] = str(os.getpid()); "
        "os.execvp('python', ['python', '-m', 'webapp'])"
    )
    with socket.create_server((LOOPBACK, 0)) as listener:
        address = listener.getsockname()
        environ = {**QUICK_END, "LISTEN_FDS": "1", "PORT": str(address[1]), "HOST": LOOPBACK}
        line = f'python -c "{hand_on}" {listener.fileno()}'
        with web_process(tmp_path, environ, address, line=line, pass_fds=[listener.fileno()]) as web:
            assert web.printed() == ""


def test_a_taken_address_is_one_line(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        environ = {"HOST": LOOPBACK, "PORT": str(port), "TMPDIR": str(tmp_path)}
        began = time.monotonic()
        with web_process(tmp_path, environ, (LOOPBACK, port), ready=False) as web:
            assert web.process.wait(PATIENCE_SECONDS) == 1
    taken_line = f"webapp: cannot listen on {LOOPBACK}:{port} (HOST, PORT): Address already in use\n"
    assert web.printed() == taken_line
    assert time.monotonic() - began < PATIENCE_SECONDS / 2


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        (
            "HOST",
            "192.0.2.77",
            "cannot listen on 192.0.2.77:{port} (HOST, PORT): Cannot assign requested address",
        ),
        ("PORT", "http", "PORT: expected a number from 0 to 65535, got 'http'"),
        (
            "WEB_CONCURRENCY",
            "abc",
            "WEB_CONCURRENCY: expected a number of processes from 1 to 1000, got 'abc'",
        ),
        ("CHAT_MODLE", "x", "CHAT_MODLE is not a setting; did you mean CHAT_MODEL?"),
    ],
)
def test_what_cannot_work_is_one_line(name: str, value: str, line: str, tmp_path: Path) -> None:
    port = free_port()
    environ = {"HOST": LOOPBACK, "PORT": str(port), name: value}
    with web_process(tmp_path, environ, (LOOPBACK, port), ready=False) as web:
        assert web.process.wait(PATIENCE_SECONDS) == 1
    assert web.printed() == f"webapp: {line.format(port=port)}\n"


@pytest.mark.thorough
def test_a_new_gunicorn_takes_over_from_the_old(tmp_path: Path) -> None:
    """https://gunicorn.org/signals/, "Upgrading to a new binary on the fly"."""
    port = free_port()
    with web_process(tmp_path, {**QUICK_END, "HOST": LOOPBACK, "PORT": str(port)}, (LOOPBACK, port)) as web:
        before = set(web.group())
        os.kill(web.process.pid, signal.SIGUSR2)
        # A second master with its worker.
        after = until(lambda: len(found := set(web.group()) - before) >= 2 and found)
        os.kill(web.process.pid, signal.SIGTERM)
        web.process.wait(PATIENCE_SECONDS)
        assert web.answers()
        assert set(web.group()) <= after
        assert web.printed() == ""
        end(web)


@pytest.mark.thorough
def test_a_reload_serves_on(tmp_path: Path) -> None:
    port = free_port()
    with web_process(tmp_path, {**QUICK_END, "HOST": LOOPBACK, "PORT": str(port)}, (LOOPBACK, port)) as web:
        before = set(web.group())
        os.kill(web.process.pid, signal.SIGHUP)
        until(lambda: set(web.group()) - before and not before - {web.process.pid} & set(web.group()))
        until(web.answers)
        # The process of the heading says nothing of it either.
        assert web.printed() == ""


def test_half_a_second_of_grace_is_enough_for_a_last_word(tmp_path: Path, mock: MockLLMServer) -> None:
    port = free_port()
    environ = {
        "HOST": LOOPBACK,
        "PORT": str(port),
        "OPENAI_BASE_URL": mock.base_url,
        "OPENAI_API_KEY": "mock-key",
        "CHAT_MODEL": "mock-ttft0-itl50-tokens2000",
        "CHAT_SHUTDOWN_GRACE_SECONDS": "0.5",
    }
    with web_process(tmp_path, environ, (LOOPBACK, port)) as web, closing(web.connection()) as connection:
        connection.request("POST", "/chat", '{"prompt": "Hi"}', {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.readline()
        began = time.monotonic()
        web.signal_all(signal.SIGTERM)
        assert json.loads(response.read().split(b"data: ")[-1])["reason"] == "shutdown"
        web.process.wait(PATIENCE_SECONDS)
        assert time.monotonic() - began < PATIENCE_SECONDS / 4


@pytest.mark.thorough
def test_what_kubernetes_sets_for_a_service_warns_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    service = {
        "CHAT_SERVICE_HOST": "10.0.0.1",
        "CHAT_PORT_80_TCP_ADDR": "10.0.0.1",
        "CHAT_PORT": "tcp://10.0.0.1:80",
    }
    environ = {**QUICK_END, **service, "HOST": LOOPBACK, "PORT": str(port)}
    with web_process(tmp_path, environ, (LOOPBACK, port)) as web:
        (line,) = web.lines()
    assert "CHAT_PORT, CHAT_PORT_80_TCP_ADDR, CHAT_SERVICE_HOST" in line


def end(web: Started) -> None:
    web.signal_all(signal.SIGTERM)
    until(lambda: not web.group())
