"""Whose word on the scheme is taken, as gunicorn's own requests ask it."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.message import HeaderPolicy

from webapp.serving import known_peers


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeaderPolicy, "_peer_is_trusted_proxy", HeaderPolicy._peer_is_trusted_proxy)
    known_peers.install()


def trusted(config: Config, peer: object) -> bool:
    request = HeaderPolicy()
    vars(request).update(SimpleNamespace(cfg=config, peer_addr=peer).__dict__)
    return bool(request._peer_is_trusted_proxy())


@pytest.mark.parametrize(
    ("peer", "is_trusted"),
    [
        (("127.0.0.1", 4711), True),
        (("10.1.2.3", 4711), True),
        (("10.2.2.3", 4711), False),
        (("::1", 4711, 0, 0), False),
        (("no address", 1), False),
        ("/run/socket", True),
        (b"", True),
    ],
)
def test_who_is_allowed_is_believed_each_time(peer: object, is_trusted: bool) -> None:
    config = Config()
    config.set("forwarded_allow_ips", "127.0.0.1,10.1.0.0/16")
    assert [trusted(config, peer) for _ in range(3)] == [is_trusted] * 3


def test_another_configuration_has_a_memory_of_its_own() -> None:
    nobody, everybody = Config(), Config()
    nobody.set("forwarded_allow_ips", "")
    everybody.set("forwarded_allow_ips", "*")
    peer = ("192.0.2.1", 4711)
    assert [trusted(nobody, peer), trusted(everybody, peer), trusted(nobody, peer)] == [False, True, False]
