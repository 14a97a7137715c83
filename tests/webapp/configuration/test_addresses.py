import logging
import socket

import pytest

from webapp.configuration.addresses import OneLineIfTaken, addresses_to_bind, any_host
from webapp.configuration.settings import SettingsError

BOTH = ("::",)
TAKEN = OSError(98, "Address already in use")


@pytest.mark.parametrize(
    ("environ", "bound"),
    [
        ({}, ["127.0.0.1:8000"]),
        ({"HOME": "/root", "HOST": ""}, ["127.0.0.1:8000"]),
        # Who sets PORT has a router in front: Railway, DigitalOcean, Koyeb, a container.
        ({"PORT": "5000"}, ["[::]:5000"]),
        ({"PORT": "5000", "RAILWAY_ENVIRONMENT": "production"}, ["[::]:5000"]),
        ({"DYNO": "web.1", "PORT": "5000"}, ["[::]:5000"]),
        ({"FLY_APP_NAME": "chat"}, ["[::]:8000"]),
        ({"PORT": "5000", "HOST": "127.0.0.1"}, ["127.0.0.1:5000"]),
        ({"PORT": "5000", "HOST": "0.0.0.0"}, ["0.0.0.0:5000"]),
        ({"PORT": "5000", "HOST": "::"}, ["[::]:5000"]),
        ({"PORT": "5000", "HOST": "[::1]"}, ["[::1]:5000"]),
        ({"HOST": "fd00::7"}, ["[fd00::7]:8000"]),
        ({"HOST": "localhost"}, ["localhost:8000"]),
    ],
)
def test_where_it_listens(environ: dict[str, str], bound: list[str]) -> None:
    assert addresses_to_bind(environ, BOTH) == bound


def test_every_address_of_a_machine_whose_ipv6_takes_no_ipv4() -> None:
    assert addresses_to_bind({"PORT": "80"}, ("0.0.0.0", "::")) == ["0.0.0.0:80", "[::]:80"]


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "80.0", "٨", "tcp://10.0.0.1:80"])
def test_a_port_that_is_none_is_one_clear_line(port: str) -> None:
    with pytest.raises(SettingsError) as caught:
        addresses_to_bind({"PORT": port}, BOTH)
    assert str(caught.value) == f"PORT: expected a number from 0 to 65535, got {port!r}"


def test_a_machine_without_ipv6_has_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_ipv6(family: int) -> None:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", no_ipv6)
    assert any_host() == ("0.0.0.0",)


def pass_on(level: int, error: Exception) -> bool:
    """What the filter says to a record that is logged in the handling of an error, as gunicorn does."""
    record = logging.LogRecord("gunicorn.error", level, __file__, 1, "connection failed", (), None)
    try:
        raise error
    except type(error):
        return OneLineIfTaken(["[::]:80"]).filter(record)


def test_the_failure_to_listen_ends_the_start_with_one_line() -> None:
    with pytest.raises(SystemExit) as ended:
        pass_on(logging.ERROR, TAKEN)
    assert ended.value.code == "webapp: cannot listen on [::]:80 (HOST, PORT): Address already in use"


@pytest.mark.parametrize(
    ("level", "error"),
    [(logging.DEBUG, TAKEN), (logging.WARNING, TAKEN), (logging.ERROR, ValueError("bad option"))],
)
def test_what_is_logged_of_something_else_passes(level: int, error: Exception) -> None:
    assert pass_on(level, error)
