"""Who is measured: how each is installed, started and asked."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from loadtests.rig import HOST, ROOT, MissingError, python_of
from loadtests.stack import NO_LIMITS, environments, process_lines

PEERS = Path(__file__).parent / "peers"
DESCRIPTORS = 16_000
PROMPT = "Write an 800-word essay on quantum mechanics"


@dataclass(frozen=True)
class Place:
    """Where a contender runs: its port, that of the upstream behind it, a folder for its files."""

    port: int
    upstream_port: int
    folder: Path


@dataclass(frozen=True)
class Contender:
    """One stack. `command` is what starts it; without one the upstream itself is asked."""

    name: str
    command: Callable[[Place], list[str]] | None
    path: str = "/chat"
    body: Callable[[str], dict[str, object]] = lambda model: {"model": model, "prompt": PROMPT}
    environ: Callable[[Place], Mapping[str, str]] = field(default=lambda _: {})

    def request(self, model: str) -> str:
        """Return the HTTP request for one streamed answer of the model."""
        body = json.dumps(self.body(model))
        head = [
            f"POST {self.path} HTTP/1.1",
            f"Host: {HOST}",
            "Content-Type: application/json",
            "Accept: */*",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(head) + "\r\n\r\n" + body


def _completion(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": PROMPT}], "stream": True}


def _our_environ(place: Place) -> Mapping[str, str]:
    ours = environments(place.port, place.upstream_port, os.environ)["web"]
    return {
        **ours,
        "CHAT_MODEL": "bench",
        "CHAT_MODELS": "bench*",
        "WEB_CONCURRENCY": "1",
        "PYTHONDONTWRITEBYTECODE": "",
        **NO_LIMITS,
    }


def _deployed_environ(place: Place) -> Mapping[str, str]:
    ours = _our_environ(place)
    scripts = python_of(ROOT / "requirements.txt", "first-token").parent
    return {**ours, "PATH": os.pathsep.join([str(scripts), ours["PATH"]])}


def _peer_environ(place: Place) -> Mapping[str, str]:
    return {
        "OPENAI_API_KEY": "bench-key",
        "OPENAI_BASE_URL": f"http://{HOST}:{place.upstream_port}/v1",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _pooled_environ(place: Place) -> Mapping[str, str]:
    return {**_peer_environ(place), "POOL_CONNECTIONS": str(DESCRIPTORS)}


def _aiohttp(place: Place) -> list[str]:
    here = PEERS / "aiohttp-relay"
    python = python_of(here / "requirements.txt")
    return [str(python), str(here / "app.py"), str(place.port)]


def _uvicorn(place: Place) -> list[str]:
    here = PEERS / "fastapi-openai"
    python = python_of(here / "requirements.txt")
    options = f"--port {place.port} --app-dir {here} --no-access-log --log-level warning --backlog 4096"
    return [str(python), "-m", "uvicorn", "app:app", *shlex.split(options)]


# So busy is it with 500 streams that gunicorn takes its worker for dead after the usual 30 s.
BUSY = "--timeout 300"


def _gunicorn(place: Place) -> list[str]:
    here = PEERS / "flask-openai"
    python = python_of(here / "requirements.txt")
    options = f"--bind {HOST}:{place.port} --chdir {here} --worker-connections 10000 --backlog 4096 {BUSY}"
    return [str(python), "-m", "gunicorn", "-k", "gevent", *shlex.split(options), "app:app"]


def _litellm(place: Place) -> list[str]:
    here = PEERS / "litellm"
    litellm = python_of(here / "requirements.txt").parent / "litellm"
    return [str(litellm), "--config", str(here / "config.yaml"), "--host", HOST, "--port", str(place.port)]


def _litellm_environ(place: Place) -> Mapping[str, str]:
    return {
        **_peer_environ(place),
        # It would not start without a key for its callers; here nobody else reaches it.
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
        # It takes a hundred equal tokens for a model that has lost its way, and breaks off.
        "REPEATED_STREAMING_CHUNK_LIMIT": "1000000",
    }


def _nginx(place: Place) -> list[str]:
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if nginx is None:
        raise MissingError("nginx is not installed")
    config = place.folder / "nginx.conf"
    template = (PEERS / "nginx" / "nginx.conf").read_text()
    config.write_text(
        template.format(
            port=place.port,
            upstream_port=place.upstream_port,
            folder=place.folder,
            descriptors=DESCRIPTORS,
        )
    )
    return [nginx, "-c", str(config)]


DIRECT = Contender("upstream itself", None, "/v1/chat/completions", _completion)
NGINX = Contender("nginx", _nginx, "/v1/chat/completions", _completion)
OURS = Contender(
    "First Token", lambda _: ["sh", "-c", f"exec {process_lines()['web']}"], environ=_our_environ
)
DEPLOYED = replace(OURS, environ=_deployed_environ)
"""With what a host installs, and nothing that only developers need: gevent looks through all there is."""
FASTAPI = Contender("FastAPI + AsyncOpenAI", _uvicorn, environ=_peer_environ)
POOLED = replace(FASTAPI, name="FastAPI + AsyncOpenAI, pool set", environ=_pooled_environ)
AIOHTTP = Contender("aiohttp relay", _aiohttp, environ=_peer_environ)
FLASK = Contender("Flask + OpenAI", _gunicorn, environ=_peer_environ)
LITELLM = Contender("LiteLLM", _litellm, "/v1/chat/completions", _completion, environ=_litellm_environ)

CONTENDERS = {
    "direct": DIRECT,
    "nginx": NGINX,
    "ours": OURS,
    "fastapi": FASTAPI,
    "fastapi-pool": POOLED,
    "aiohttp": AIOHTTP,
    "flask": FLASK,
    "litellm": LITELLM,
}
