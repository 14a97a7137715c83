"""That what is looked up once is what it would be each time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.message import HeaderPolicy

from webapp.serving.gunicorn_lookups import look_up_once, remember_trusted_peers


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeaderPolicy, "_peer_is_trusted_proxy", HeaderPolicy._peer_is_trusted_proxy)
    remember_trusted_peers()


def trusted(config: Config, peer: object) -> bool:
    request = HeaderPolicy()
    vars(request).update(SimpleNamespace(cfg=config, peer_addr=peer).__dict__)
    return bool(request._peer_is_trusted_proxy())


@pytest.mark.usefixtures("remembered")
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


@pytest.mark.usefixtures("remembered")
def test_another_configuration_has_a_memory_of_its_own() -> None:
    nobody, everybody = Config(), Config()
    nobody.set("forwarded_allow_ips", "")
    everybody.set("forwarded_allow_ips", "*")
    peer = ("192.0.2.1", 4711)
    assert [trusted(nobody, peer), trusted(everybody, peer), trusted(nobody, peer)] == [False, True, False]


def test_settings_that_are_looked_up_once_are_what_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config()
    config.set("keepalive", 7)
    config.set("sendfile", "false")
    before = {name: getattr(config, name) for name in config.settings}
    look_up_once(config)
    monkeypatch.delattr(Config, "__getattr__")
    assert {name: getattr(config, name) for name in config.settings} == before
