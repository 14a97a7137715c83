"""The servers: what is installed, how each is started, and which of its models does what."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.rig import Program, free_port
from mockllm import MockLLMServer
from tests.upstreams.installing import compile_wheel, python_of
from tests.upstreams.running import listening

HERE = Path(__file__).parent
KEY = "sk-first-token"
"""The app's; LiteLLM lets nobody in without one of its own."""
LLAMA_CPP = "llama-cpp-python==0.3.36"
COMPILING = {
    "CMAKE_ARGS": " ".join((
        "-DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O0 -DCMAKE_CXX_FLAGS_RELEASE=-O0",
        "-DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DGGML_LLAMAFILE=OFF -DGGML_CPU_REPACK=OFF -DLLAVA_BUILD=OFF",
        f"-DCMAKE_PROJECT_llama_cpp_INCLUDE={HERE / 'llama_cpp.cmake'}",
    )),
    "CMAKE_BUILD_PARALLEL_LEVEL": "2",
}  # fmt: skip
"""The CPU's back end alone, without optimisation, which the tiny models do not need: two minutes, not thirty."""
STOPS, ENDLESS = "mock-ttft0-itl0-tokens40", "mock-ttft0-itl50-tokens2000"


@dataclass
class Upstream:
    """A server that listens."""

    program: Program
    base_url: str
    stops: str
    """A model whose answer ends by itself."""
    endless: str
    """A model whose answer goes on for many seconds."""
    too_long: str = ""
    """A model that has too little room for what it is asked; empty: `stops` has, for 20,000 letters."""
    unknown: str = "no-such-model"
    mock: MockLLMServer | None = None
    """What stands behind a gateway."""


@dataclass(frozen=True)
class Server:
    """One row of the table."""

    name: str
    run: Callable[[Path], AbstractContextManager[Upstream]]
    version: Callable[[], str]
    others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What a server is known to do otherwise, by the name of the check: what the row says, and what then comes."""


def _tiny(python: Path, folder: Path, suffix: str = "") -> tuple[str, str]:
    made = []
    for ending in ("stop", "endless"):
        target = folder / f"{ending}{suffix}"
        subprocess.run(
            [python, HERE / "tiny_model.py", target, ending], check=True, capture_output=True, timeout=180
        )
        made.append(str(target))
    return made[0], made[1]


def _version(python: Path, package: str) -> str:
    asked = f"from importlib import metadata; print(metadata.version({package!r}))"
    return subprocess.run(
        [python, "-c", asked], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def _transformers() -> Path:
    # A wheel of torch for CPUs alone is not to be had everywhere for each Python.
    python = "python3.11" if shutil.which("python3.11") else sys.executable
    return python_of("transformers", ("torch==2.13.0", "transformers[serving]==5.24.0"), python)


@contextmanager
def transformers_serve(folder: Path) -> Iterator[Upstream]:
    python = _transformers()
    stops, endless = _tiny(python, folder)
    port = free_port()
    command = (
        python.with_name("transformers"),
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--device",
        "cpu",
    )
    with listening(command, port, folder, {"HF_HUB_OFFLINE": "1"}) as program:
        yield Upstream(program, f"http://127.0.0.1:{port}/v1", stops, endless)


def _llama_cpp() -> Path:
    compile_wheel(LLAMA_CPP, COMPILING)
    return python_of("llama-cpp", (LLAMA_CPP.replace("==", "[server]=="), "gguf==0.19.0"))


@contextmanager
def llama_cpp_python(folder: Path) -> Iterator[Upstream]:
    python = _llama_cpp()
    stops, endless = _tiny(python, folder, ".gguf")
    port = free_port()
    models = [
        {"model": path, "model_alias": alias, "n_ctx": 4096, "n_threads": 1, "verbose": False}
        for path, alias in ((stops, "stops"), (endless, "endless"))
    ]
    settings = folder / "llama.json"
    settings.write_text(json.dumps({"host": "127.0.0.1", "port": port, "models": models}))
    command = (python, "-m", "llama_cpp.server", "--config_file", settings)
    with listening(command, port, folder, {}) as program:
        yield Upstream(program, f"http://127.0.0.1:{port}/v1", "stops", "endless")


def _litellm() -> Path:
    return python_of("litellm", ("litellm[proxy]==1.108.7",))


@contextmanager
def litellm_proxy(folder: Path) -> Iterator[Upstream]:
    python, port = _litellm(), free_port()
    with MockLLMServer() as mock:
        too_long = "mock-context_length"
        models = [
            {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": mock.base_url, "api_key": "any"}}
            for name in (STOPS, ENDLESS, too_long)
        ]  # fmt: skip
        settings = folder / "litellm.yaml"
        # JSON is YAML.
        settings.write_text(json.dumps({"model_list": models, "router_settings": {"num_retries": 0}}))
        command = (
            python.with_name("litellm"),
            "--config",
            settings,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        )
        quiet = {
            "LITELLM_MASTER_KEY": KEY,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_TELEMETRY": "False",
        }
        with listening(command, port, folder, quiet) as program:
            yield Upstream(program, f"http://127.0.0.1:{port}/v1", STOPS, ENDLESS, too_long, mock=mock)


def _openai_forward() -> Path:
    return python_of("openai-forward", ("openai-forward==0.8.1", "pyyaml==6.0.4"))


@contextmanager
def openai_forward(folder: Path) -> Iterator[Upstream]:
    python, port = _openai_forward(), free_port()
    # Its own command listens on every address of the machine.
    command = (python, "-m", "uvicorn", "openai_forward.app:app", "--host", "127.0.0.1", "--port", str(port))
    with MockLLMServer() as mock:
        forwarded = json.dumps([{"base_url": mock.url, "route": "/", "type": "openai"}])
        with listening(command, port, folder, {"FORWARD_CONFIG": forwarded}) as program:
            base_url, unknown = f"http://127.0.0.1:{port}/v1", "mock-status:404=model-not-found"
            yield Upstream(program, base_url, STOPS, ENDLESS, "mock-context_length", unknown, mock)


def _llm_proxy_server() -> Path:
    return python_of("llm-proxy-server", ("llm-proxy-server==3.3.2",))


@contextmanager
def llm_proxy_server(folder: Path) -> Iterator[Upstream]:
    python, port = _llm_proxy_server(), free_port()
    with MockLLMServer() as mock:
        settings = {
            "host": "127.0.0.1",
            "port": port,
            "connections": {
                "mock": {"api_type": "open_ai", "api_base": f"{mock.base_url}/", "api_key": "any"}
            },
            "routing": {"mock*": "mock.*"},
            "groups": {"default": {"api_keys": [KEY]}},
        }
        config = folder / "llm-proxy.json"
        config.write_text(json.dumps(settings))
        command = (python.with_name("llm-proxy-server"), "--config", config)
        with listening(command, port, folder, {}) as program:
            yield Upstream(
                program, f"http://127.0.0.1:{port}/v1", STOPS, ENDLESS, "mock-context_length", mock=mock
            )


ANY_LENGTH = ("no limit behind it", "'type': 'done'")
"""So it is with the mock, whose models read a talk of any length."""
SERVERS = (
    Server(
        "LiteLLM's proxy",
        litellm_proxy,
        lambda: _version(_litellm(), "litellm"),
        others={"long talk": ANY_LENGTH},
    ),
    Server(
        "openai-forward",
        openai_forward,
        lambda: _version(_openai_forward(), "openai-forward"),
        others={"leaving": ("it reads on by itself", "at work"), "long talk": ANY_LENGTH},
    ),
    Server(
        "LLM Proxy Server",
        llm_proxy_server,
        lambda: _version(_llm_proxy_server(), "llm-proxy-server"),
        others={
            "usage": ("it passes none on", "'usage': None"),
            "`length`": ("it says `stop`", "'finish_reason': 'stop'"),
            "leaving": ("it reads on by itself", "at work"),
            "wrong model": ("its 500, `upstream_failed`", "'upstream_failed'"),
            "long talk": ANY_LENGTH,
        },
    ),
    Server(
        "llama-cpp-python's server",
        llama_cpp_python,
        lambda: _version(_llama_cpp(), "llama-cpp-python"),
        others={
            "usage": ("it counts no streamed answer", "'usage': None"),
            "wrong model": ("its first model answers", "'type': 'done'"),
        },
    ),
    Server(
        "transformers serve",
        transformers_serve,
        lambda: _version(_transformers(), "transformers"),
        others={
            "wrong model": ("its 500, `upstream_failed`", "'upstream_failed'"),
            "too long": ("it has no limit", "'type': 'done'"),
            "long talk": ANY_LENGTH,
        },
    ),
)
