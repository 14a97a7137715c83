"""What the manual shows is run here."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import yaml

from mockllm import MockLLMServer

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"


def run(*command: str, server: MockLLMServer, **environ: str) -> str:
    """Run an example against a server; returns what it prints."""
    found = {"OPENAI_BASE_URL": server.base_url, "MOCKLLM_URL": server.url, **environ}
    result = subprocess.run(
        command,
        cwd=EXAMPLES,
        env={**os.environ, **found},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_curl(server: MockLLMServer) -> None:
    out = run("bash", "curl.sh", server=server)
    assert out.count('"content":"') == 13
    assert out.endswith("data: [DONE]\n\n")


def test_openai_client(server: MockLLMServer) -> None:
    said = run(sys.executable, "openai_client.py", server=server)
    assert re.fullmatch(r"whole: \d+ characters\ncut after: \S.*\n", said)


def test_fetch(server: MockLLMServer) -> None:
    node = shutil.which("node")
    assert node, "the JavaScript example needs node"
    assert run(node, "fetch.mjs", server=server) == "Rivers are wet.\n"


@pytest.mark.thorough
def test_knee() -> None:
    with MockLLMServer(batch=4, slowdown=3) as server:
        model = "mock-ttft50-itl20-tokens20"
        out = run(sys.executable, "knee.py", "2", "12", server=server, MODEL=model)
    few, many = (float(worst) for worst in re.findall(r"([\d.]+) s \(worst\)", out))
    # Twelve users on four places: the last four wait for two answers of 19 gaps.
    assert many >= few + 2 * 19 * 0.02 * 0.9


@pytest.fixture(scope="module")
def ruled() -> Iterator[openai.OpenAI]:
    with (
        MockLLMServer(profile="instant", rules=EXAMPLES / "rules.yaml", speed=0) as server,
        openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0) as client,
    ):
        yield client


def text(client: openai.OpenAI, *said: str, model: str = "mock", system: str = "") -> str | None:
    messages: list[Any] = [{"role": "system", "content": system}] if system else []
    messages += [{"role": "user", "content": each} for each in said]
    return client.chat.completions.create(model=model, messages=messages).choices[0].message.content


def test_rules(ruled: openai.OpenAI) -> None:
    assert (text(ruled, "A REFUND please") or "").startswith("We refund within 14 days.")
    assert text(ruled, "Hello", "A refund please") != text(ruled, "A refund please")
    assert text(ruled, "Please track order 1234") == "Order 1234 is on its way."
    assert text(ruled, "Has it arrived?") == "Not yet."
    with pytest.raises(openai.InternalServerError):
        text(ruled, "Has it arrived?")
    assert [text(ruled, "Has it arrived?") for _ in range(2)] == ["It has.", "It has."]
    assert text(ruled, "Hi", system="Answer in JSON.") == '{"sentiment": "neutral"}\n'
    with pytest.raises(openai.RateLimitError):
        text(ruled, "Hi", model="slow-1")


def test_rules_with_tools(ruled: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": "How is the weather?"}]
    asked = ruled.chat.completions.create(model="mock", messages=messages).choices[0].message
    assert asked.tool_calls
    messages += [asked, {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "Sunny"}]
    assert ruled.chat.completions.create(model="mock", messages=messages).choices[0].message.content == (
        "It is as the tool says."
    )


@pytest.mark.parametrize(
    ("folder", "count"),
    [
        pytest.param("chat_client", 5, id="a client of one's own"),
        pytest.param("in_tests", 7, id="OpenAI's client", marks=pytest.mark.thorough),
    ],
)
def test_projects_with_the_fixture(folder: str, count: int) -> None:
    # The other clients in `in_tests` run in environments of their own: `make clients`.
    wanted = "." if folder == "chat_client" else "test_with_openai.py"
    options = ("-q", "-p", "mockllm.pytest_plugin", "-p", "no:cacheprovider", "--rootdir=.", "-c", os.devnull)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, wanted],
        cwd=EXAMPLES / folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert f"{count} passed" in result.stdout, result.stdout


def test_the_workflow_names_what_the_action_takes_and_gives() -> None:
    text = (EXAMPLES / "github-actions.yml").read_text()
    action = yaml.safe_load((ROOT / "mockllm" / "action.yml").read_text())
    (step,) = [each for each in yaml.safe_load(text)["jobs"]["test"]["steps"] if each.get("id") == "mock"]
    assert step["uses"].endswith("/mockllm")
    assert set(step["with"]) <= set(action["inputs"])
    assert set(re.findall(r"steps\.mock\.outputs\.([\w-]+)", text)) <= set(action["outputs"])
    flags = set(re.findall(r"--[a-z-]+", step["with"]["options"]))
    known = re.findall(r"--[a-z-]+", (Path(__file__).parent / "serving" / "help.txt").read_text())
    assert flags <= set(known)
