"""The fixture in projects of its users, each in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
ASK = """
import json, urllib.request

def ask(mockllm, text="Hi"):
    body = {"model": "mock", "messages": [{"role": "user", "content": text}]}
    request = urllib.request.Request(mockllm.base_url + "/chat/completions", json.dumps(body).encode())
    with urllib.request.urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]["content"]
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # As an installed distribution would load it, and nothing else.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "mockllm.pytest_plugin")
    return pytester


def test_tests_share_a_server_and_nothing_else(project: pytest.Pytester) -> None:
    project.makepyfile(
        ASK
        + """
urls = []

def test_one(mockllm):
    mockllm.answer_with("Mine.")
    assert ask(mockllm) == "Mine."
    urls.append(mockllm.url)

def test_two(mockllm):
    assert mockllm.requests == []
    assert ask(mockllm) != "Mine."
    assert urls == [mockllm.url]
"""
    )
    project.runpytest_subprocess("-q").assert_outcomes(passed=2)


@pytest.mark.thorough
def test_settings_of_a_project(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
import pytest

@pytest.fixture(scope="session")
def mockllm_settings():
    return {"profile": "instant", "faults": "server_error 100%"}
"""
    )
    project.makepyfile(
        ASK
        + """
import pytest

def test_it(mockllm):
    with pytest.raises(urllib.error.HTTPError, match="500"):
        ask(mockllm)
"""
    )
    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


@pytest.mark.thorough
def test_workers_of_xdist_have_servers_of_their_own(project: pytest.Pytester) -> None:
    tests = "\n".join(
        f"def test_{number}(mockllm):\n"
        f"    mockllm.answer_with('{number}')\n"
        f"    assert [ask(mockllm) for _ in range(5)] == ['{number}'] * 5\n"
        f"    assert len(mockllm.requests) == 5\n"
        for number in range(4)
    )
    project.makepyfile(ASK + tests)
    project.runpytest_subprocess("-q", "-p", "xdist", "-n2").assert_outcomes(passed=4)


def test_a_fixture_of_the_same_name_in_a_project_wins(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
import pytest

@pytest.fixture
def mockllm():
    return "ours"

def test_it(mockllm):
    assert mockllm == "ours"
"""
    )
    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


@pytest.mark.thorough
def test_a_failed_expectation_is_short(project: pytest.Pytester) -> None:
    project.makepyfile(
        ASK + "\ndef test_it(mockllm):\n    ask(mockllm)\n    mockllm.expect_request({'text': 'bye'})\n"
    )
    result = project.runpytest_subprocess("-q", "--tb=short")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*expected a request with text 'bye', but of 1 that came none matched:"])


def test_loading_it_loads_nothing_else() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import mockllm.pytest_plugin;"
        "print(sorted(set(sys.modules) - before))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "['mockllm', 'mockllm.pytest_plugin']"
