"""The app as a real process, in front of an upstream that does what a test says."""

from collections.abc import Iterator

import pytest

from loadtests.stack import Stack
from tests.lifecycle.phases import PhasedUpstream


@pytest.fixture(scope="session")
def phased_upstream() -> Iterator[PhasedUpstream]:
    with PhasedUpstream() as running:
        yield running


@pytest.fixture(scope="session")
def phased_stack(phased_upstream: PhasedUpstream) -> Iterator[Stack]:
    """The app on the upstream of phases, impatient with clients that take nothing."""
    env = {
        "OPENAI_BASE_URL": phased_upstream.url,
        "CHAT_SEND_TIMEOUT_SECONDS": "0.5",
        "CHAT_HEARTBEAT_SECONDS": "0.3",
        # Some of its answers are megabytes, which nobody's 4,096 tokens are.
        "CHAT_MAX_OUTPUT_TOKENS": "1000000",
    }
    with Stack(env=env) as running:
        yield running


@pytest.fixture
def upstream(phased_upstream: PhasedUpstream) -> Iterator[PhasedUpstream]:
    phased_upstream.begin_test()
    yield phased_upstream
    phased_upstream.let_go()


@pytest.fixture
def app_port(phased_stack: Stack) -> int:
    return phased_stack.port
