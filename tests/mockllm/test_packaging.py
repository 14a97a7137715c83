"""What `pip install .` gives a stranger: the mock alone, in an environment that has nothing else."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mockllm import __version__

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "chat_client"
STRANGERS = {"webapp", "loadtests", "openai", "locust", "httpx2", "structlog", "redis", "flask_limiter"}


def run(*command: object, **options: object) -> str:
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    result = subprocess.run(
        list(map(str, command)),
        env=environ,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        **options,
    )  # type: ignore[call-overload] # cwd is all it is
    assert result.returncode == 0, result.stdout + result.stderr
    return str(result.stdout)


# Packages come from a registry here, which may be slow.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--wheel-dir", directory, ROOT)
    (built,) = directory.glob("*.whl")
    return built


def test_only_the_mock_is_in_it(wheel: Path) -> None:
    assert wheel.name == f"firsttoken_mockllm-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(f"firsttoken_mockllm-{__version__}.dist-info/METADATA").decode()
    assert {name.partition("/")[0] for name in names} == {
        "mockllm",
        f"firsttoken_mockllm-{__version__}.dist-info",
    }
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "mockllm").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in names if name.startswith("mockllm/")} == source
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata


def test_it_works_where_nothing_else_is_installed(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-compile", wheel, "pytest")
    for name in ("chat_client.py", "test_chat_client.py"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    # The fixture comes by the entry point: nothing names the plugin.
    assert "5 passed" in run(python, "-m", "pytest", "-q", cwd=tmp_path)
    assert run(venv / "bin" / "mockllm", "--version", cwd=tmp_path) == f"mockllm, version {__version__}\n"
    help_text = run(venv / "bin" / "mockllm", "--help", cwd=tmp_path)
    assert help_text == (Path(__file__).parent / "help.txt").read_text("utf-8")
    probe = "import importlib.util, sys; print([n for n in sys.argv[1:] if importlib.util.find_spec(n)])"
    assert run(python, "-c", probe, *sorted(STRANGERS), cwd=tmp_path) == "[]\n"
