"""The files that hosts read: that they parse, and agree with each other and with the app."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from loadtests.stack import process_lines
from tests.hosts.sources import ROOT
from webapp.configuration.settings import PREFIX, Settings

WEB = "python -m webapp"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


class Loader(yaml.SafeLoader):
    """Takes CloudFormation's short forms, such as !Ref, for their text."""


def _text(loader: Loader, _suffix: str, node: yaml.Node) -> Any:
    return node.value


Loader.add_multi_constructor("!", _text)


def read_yaml(path: str) -> Any:
    return yaml.load((ROOT / path).read_text("utf-8"), Loader)


def test_every_host_starts_the_same_line() -> None:
    (service,) = read_yaml("deploy/render.yaml")["services"]
    railway = json.loads((ROOT / "deploy" / "railway.json").read_text("utf-8"))
    assert process_lines()["web"] == WEB
    assert service["startCommand"] == WEB
    assert railway["deploy"]["startCommand"] == WEB
    assert f"CMD {json.dumps(WEB.split())}" in DOCKERFILE


def test_lambda_streams_and_lets_the_adapter_ask_when_it_is_ready() -> None:
    function = read_yaml("deploy/template.yaml")["Resources"]["Chat"]["Properties"]
    assert function["FunctionUrlConfig"]["InvokeMode"] == "RESPONSE_STREAM"
    adapted = (ROOT / "deploy" / "Dockerfile.lambda").read_text("utf-8")
    assert "AWS_LWA_INVOKE_MODE=response_stream" in adapted
    assert "AWS_LWA_READINESS_CHECK_PATH=/healthz" in adapted


def test_the_image_is_made_as_images_are() -> None:
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", DOCKERFILE, re.MULTILINE)
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE
    assert "curl" not in DOCKERFILE
    assert DOCKERFILE.count("HEALTHCHECK ") == DOCKERFILE.count("\nCMD [") == 2
    # What is built without --target is the app: Railway and Cloud Run name none.
    assert re.findall(r"^FROM .* AS (\w+)$", DOCKERFILE, re.MULTILINE)[-1] == "app"


def compose() -> Any:
    return read_yaml("compose.yaml")["services"]


def test_compose_starts_app_mock_and_redis() -> None:
    services = compose()
    assert set(services) == {"app", "mockllm", "redis"}
    for name in ("app", "mockllm"):
        assert services[name]["build"] == {"context": ".", "target": name}
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])
        assert f"AS {name}\n" in DOCKERFILE


def test_compose_shows_the_app_to_this_machine_alone_and_nothing_else_to_anybody() -> None:
    ports = {name: service.get("ports", []) for name, service in compose().items()}
    (port,) = ports.pop("app")
    assert port == f"127.0.0.1:8000:{_target_environment('app')['PORT']}"
    assert not any(ports.values())


def test_compose_starts_the_app_once_what_it_asks_is_healthy() -> None:
    """The image's own health checks, but for the one that is not ours."""
    services = compose()
    needed = services["app"]["depends_on"]
    assert needed == {name: {"condition": "service_healthy"} for name in ("mockllm", "redis")}
    assert services["redis"]["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
    assert all("HEALTHCHECK" in _target(name) for name in ("app", "mockllm"))


def test_composes_names_and_ports_lead_to_its_services() -> None:
    environment = compose()["app"]["environment"]
    mock = re.search(r"http://([^:]+):(\d+)/v1", environment["OPENAI_BASE_URL"])
    assert mock
    assert mock.groups() == ("mockllm", _target_environment("mockllm")["PORT"])
    assert environment["REDIS_URL"] == "redis://redis:6379"
    # As long as the app may take for its last words where it knows no host.
    assert compose()["app"]["stop_grace_period"] == "30s"


def _target(name: str) -> str:
    """What the Dockerfile says of one target."""
    return DOCKERFILE.partition(f" AS {name}\n")[2].partition("\nFROM ")[0]


def _target_environment(name: str) -> dict[str, str]:
    (line,) = re.findall(r"^ENV (.+)$", _target(name), re.MULTILINE)
    return dict(pair.split("=", 1) for pair in line.split())


@pytest.mark.parametrize(
    "path",
    [
        "compose.yaml",
        "app.json",
        "deploy/template.yaml",
        "deploy/render.yaml",
        "deploy/fly.toml",
        "docs/deploy.md",
    ],
)
def test_every_setting_that_is_named_exists(path: str) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", Path(ROOT / path).read_text("utf-8")))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named - known <= {"CHAT_SERVICE_HOST"}


def test_no_more_than_fifteen_lines_a_host() -> None:
    document = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    sections = re.split(r"^## ", document, flags=re.MULTILINE)[1:]
    hosts = [section for section in sections if not section.startswith(("Routers", "The wrong"))]
    assert len(hosts) >= 6
    assert [section.splitlines()[0] for section in hosts if len(section.strip().splitlines()) > 17] == []
