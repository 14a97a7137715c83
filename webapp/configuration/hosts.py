"""What the hosts that this app is deployed to do to a long answer, by the variable that gives each away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """Facts of one host; durations in seconds, as its documentation has them."""

    name: str
    total_seconds: float | None
    """The longest that an answer may take, or None where there is no such limit."""
    grace_seconds: float
    """From SIGTERM to SIGKILL."""
    proxies: int = 1
    """How many of the host's own proxies add to X-Forwarded-For."""
    is_redis_verifiable: bool = True
    """Whether the host's Redis has a certificate that can be checked."""


HOSTS = {
    # https://devcenter.heroku.com/articles/http-routing, .../dyno-shutdown-behavior,
    # .../connecting-heroku-redis
    "DYNO": Host("Heroku", None, 30, is_redis_verifiable=False),
    # https://docs.cloud.google.com/run/docs/configuring/request-timeout; 300 s unless configured, up to 3,600
    "K_SERVICE": Host("Cloud Run", 300, 10),
    # https://vercel.com/docs/functions; 300 s unless configured, up to 800
    "VERCEL": Host("Vercel", 300, 30),
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
    "AWS_LAMBDA_FUNCTION_NAME": Host("AWS Lambda", 900, 2),
    # https://fly.io/docs/reference/configuration; 5 s unless kill_timeout says otherwise.
    # https://fly.io/docs/networking/request-headers: its proxy adds the client, then the app's own address.
    "FLY_APP_NAME": Host("Fly.io", None, 5, proxies=2),
    # https://render.com/docs/deploys; 100 minutes for one response
    "RENDER": Host("Render", 6000, 30),
}

ELSEWHERE = Host("elsewhere", None, 30, proxies=0)

DEADLINE_MARGIN_SECONDS = 5.0
"""A host's clock starts before ours, and the last words need time to leave."""

GRACE_MARGIN_SECONDS = 3.0
"""Between the answers' last words and the end of the process, and between that and the host's SIGKILL."""


def detected(environ: Mapping[str, str]) -> Host:
    """Return the host that the environment is of, ELSEWHERE if it is none of those known here."""
    return next((host for variable, host in HOSTS.items() if environ.get(variable)), ELSEWHERE)


def deadline_seconds(host: Host) -> float:
    """When to interrupt an answer, as far as the host's documentation tells; 0 where it has no limit."""
    return host.total_seconds - DEADLINE_MARGIN_SECONDS if host.total_seconds else 0
