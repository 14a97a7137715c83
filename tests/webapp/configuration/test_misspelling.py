import pytest

from webapp.configuration.misspelling import near_miss
from webapp.configuration.settings import Settings


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("modle", "model"),
        ("acess_token", "access_token"),
        ("heartbeat", "heartbeat_seconds"),
        ("heartbeat_secs", "heartbeat_seconds"),
        ("streams_max", "max_streams"),
        ("max_tokens", "max_output_tokens"),
        ("allowed_origin", "allowed_origins"),
    ],
)
def test_a_slip_is_found(name: str, meant: str) -> None:
    assert near_miss(name, Settings.model_fields) == meant


@pytest.mark.parametrize(
    "name",
    [
        "service_host",
        "service_port",
        "service_port_http",
        "port",
        "port_80_tcp",
        "port_80_tcp_proto",
        "port_80_tcp_addr",
        "port_53_udp_port",
        # of Services called chat-model and chat-redis
        "model_service_host",
        "model_port_8080_tcp_addr",
        "redis_port",
        "ui_theme",
        "db_url",
        "x",
        "",
    ],
)
def test_somebody_elses_is_left_alone(name: str) -> None:
    assert near_miss(name, Settings.model_fields) is None
