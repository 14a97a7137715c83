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


def test_compose_starts_app_mock_and_redis() -> None:
    services = read_yaml("compose.yaml")["services"]
    assert set(services) == {"app", "mockllm", "redis"}
    for name in ("app", "mockllm"):
        assert services[name]["build"]["target"] == name
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])


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
