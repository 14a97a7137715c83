"""Which variables of a developer's environment no test may see: what the app, the mock and Locust would take."""

import os
import re

TAKEN = re.compile(
    r"(CHAT|MOCKLLM|LOADTEST|LOCUST|OPENAI|AZURE|FLASK|GUNICORN|SSL_CERT|PROMETHEUS)_.*|.*_(PROXY|proxy)"
    r"|HOST|PORT|WEB_CONCURRENCY|REDIS_URL|FORWARDED_ALLOW_IPS"
    r"|DYNO|K_SERVICE|VERCEL|AWS_LAMBDA_FUNCTION_NAME|FLY_APP_NAME|RENDER"
)
NETWORK = re.compile(r".*_(PROXY|proxy)|SSL_CERT_.*")
ASIDE = "TESTS_ASIDE_"
"""Before the name of a variable without which a program that a test needs may not come through the network."""


def put_aside() -> None:
    """Take them out of this process's environment, and with it out of that of all that it starts."""
    for name in [name for name in os.environ if TAKEN.fullmatch(name)]:
        value = os.environ.pop(name)
        if NETWORK.fullmatch(name):
            os.environ[ASIDE + name] = value


def of_downloads() -> dict[str, str]:
    """The environment for what fetches a program: the way into the network is as the developer has it."""
    aside = {name.removeprefix(ASIDE): os.environ[name] for name in os.environ if name.startswith(ASIDE)}
    return {**os.environ, **aside}
