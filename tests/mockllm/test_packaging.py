"""What `pip install ./mockllm` gives a stranger: the mock alone, in an environment that has nothing else."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockllm import __version__
from tests.environment import of_downloads

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "mockllm"
EXAMPLE = ROOT / "docs" / "examples" / "chat_client"
PACKAGING = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "action.yml"}
STRANGERS = {"webapp", "loadtests", "openai", "locust", "httpx2", "structlog", "redis", "flask_limiter"}
PYTHONS = ("3.11", "3.12", "3.13")

# Packages come from a registry here, which may be slow.
pytestmark = [pytest.mark.timeout(300), pytest.mark.thorough]


def outside() -> dict[str, str]:
    """The environment without what would let a program find this project."""
    return {
        name: value for name, value in of_downloads().items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }


def run(*command: object, cwd: Path | None = None, **environ: str) -> str:
    result = subprocess.run(
        list(map(str, command)),
        env={**outside(), **environ},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return str(result.stdout)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "uv", "build", "--quiet", "--sdist", "--out-dir", directory, SOURCE)
    (built,) = directory.glob("*.tar.gz")
    return built


@pytest.fixture(
    scope="module", params=["from the directory", pytest.param("from the sdist", marks=pytest.mark.thorough)]
)
def wheel(request: pytest.FixtureRequest, sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    source = SOURCE if request.param == "from the directory" else sdist
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--wheel-dir", directory, source)
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel and what it asks for, and no pip to find anything else with."""
    directory = tmp_path_factory.mktemp("empty") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", directory)
    install(directory, wheel)
    return directory


def install(venv: Path, *what: object) -> None:
    pip = (sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-compile", *what)


@contextmanager
def started(mockllm: Path, cwd: Path) -> Iterator[str]:
    """The URL that the command prints when it is able to answer."""
    command = [mockllm, "--port", "0"]
    with subprocess.Popen(command, env=outside(), cwd=cwd, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.wait(timeout=10)


def test_only_the_mock_is_in_it(wheel: Path) -> None:
    assert wheel.name == f"firsttoken_mockllm-{__version__}-py3-none-any.whl"
    metadata_directory = f"firsttoken_mockllm-{__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(f"{metadata_directory}/METADATA").decode()
    assert {name.partition("/")[0] for name in names} == {"mockllm", metadata_directory}
    source = {str(path.relative_to(ROOT)) for path in files(SOURCE)}
    assert {name for name in names if name.startswith("mockllm/")} == source
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata
    for version in PYTHONS:
        assert f"Classifier: Programming Language :: Python :: {version}" in metadata


def files(directory: Path) -> set[Path]:
    """The package's own, without what describes it and what Python leaves behind."""
    return {
        path
        for path in directory.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.name not in PACKAGING
    }


def test_the_sdist_has_what_a_reader_looks_for(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= PACKAGING | {"PKG-INFO", "__init__.py", "text/quantum_mechanics.md"}


def test_its_licence_is_the_projects() -> None:
    assert (SOURCE / "LICENSE").read_text("utf-8") == (ROOT / "LICENSE").read_text("utf-8")


@pytest.mark.thorough
def test_the_server_answers_where_nothing_else_is_installed(venv: Path, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    assert curl, "the manual's first example needs curl"
    question = '{"model": "mock-ttft0-itl0-tokens12", "stream": true, "messages": [{"role": "user", "content": "Hi"}]}'
    ask = (curl, "-sN", "--max-time", "20", "-H", "Content-Type: application/json", "-d", question)
    with started(venv / "bin" / "mockllm", tmp_path) as url:
        answer = run(*ask, f"{url}/v1/chat/completions")
    assert answer.count('"content":"') == 13
    assert answer.endswith("data: [DONE]\n\n")


@pytest.mark.thorough
def test_the_command_and_the_fixture_work_there(venv: Path, tmp_path: Path) -> None:
    mockllm, python = venv / "bin" / "mockllm", venv / "bin" / "python"
    assert run(mockllm, "--version", cwd=tmp_path) == f"mockllm, version {__version__}\n"
    help_text = run(mockllm, "--help", cwd=tmp_path)
    assert help_text == (Path(__file__).parent / "serving" / "help.txt").read_text("utf-8")
    probe = "import importlib.util, sys; print([n for n in sys.argv[1:] if importlib.util.find_spec(n)])"
    assert run(python, "-c", probe, *sorted(STRANGERS), cwd=tmp_path) == "[]\n"
    # Beside the environment, because pytest brings packages along that the mock must do without.
    install(venv, "--target", tmp_path / "pytest", "pytest")
    for name in ("chat_client.py", "test_chat_client.py"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    # The fixture comes by the entry point: nothing names the plugin.
    assert "5 passed" in run(
        python, "-m", "pytest", "-q", "test_chat_client.py", cwd=tmp_path, PYTHONPATH=str(tmp_path / "pytest")
    )


def test_a_strangers_type_checker_reads_its_types(venv: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("from mockllm import MockLLMServer\n\nMockLLMServer(profile=1).nonsense\n")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        venv / "bin" / "python",
        program,
    ]
    checked = subprocess.run(
        list(map(str, command)), env=outside(), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert '"MockLLMServer" has no attribute "nonsense"' in checked.stdout
    assert "Found 1 error" in checked.stdout, checked.stdout


@pytest.mark.parametrize("version", PYTHONS)
def test_it_runs_on_each_python_that_it_names(version: str, sdist: Path, tmp_path: Path) -> None:
    uv = (sys.executable, "-m", "uv", "--no-python-downloads", "--quiet")
    found = subprocess.run([*uv, "python", "find", version], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(f"no Python {version} here; each has a job of its own in CI")
    venv = tmp_path / "venv"
    run(*uv, "venv", "--python", found.stdout.strip(), venv)
    run(*uv, "pip", "install", "--python", venv / "bin" / "python", sdist)
    with started(venv / "bin" / "mockllm", tmp_path) as url:
        assert '"mock-instant"' in run("curl", "-s", "--max-time", "20", f"{url}/v1/models")
