"""The deadline of one request: what the host tells, its documentation, the operator."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.configuration.deadlines import LAMBDA_CONTEXT, Deadlines
from webapp.configuration.settings import Settings

LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "chat"}
VERCEL = {"VERCEL": "1"}
TOLERANCE_SECONDS = 1.0


def deadlines(environ: dict[str, str]) -> Deadlines:
    return Deadlines(Settings.from_env(environ), environ)


def context(**fields: Any) -> Callable[[str], str | None]:
    return {LAMBDA_CONTEXT: json.dumps({"request_id": "1", **fields})}.get


def in_ms(seconds: float) -> int:
    return int((time.time() + seconds) * 1000)


def nothing(_name: str) -> str | None:
    return None


@pytest.fixture
def vercel_tells(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float | None], None]]:
    def tell(seconds: float | None) -> None:
        told = None if seconds is None else datetime.now(UTC) + timedelta(seconds=seconds)
        monkeypatch.setitem(sys.modules, "vercel_runtime", SimpleNamespace(get_deadline=lambda: told))

    return tell


@pytest.mark.parametrize("name", ["deadline", "deadline_ms", "deadlineMs"])
@pytest.mark.parametrize(("told", "left"), [(3, 2.5), (29, 26.1), (60, 55), (900, 895), (0.2, 0), (-5, 0)])
def test_lambda_tells_it_with_each_request(name: str, told: float, left: float) -> None:
    seconds = deadlines(LAMBDA).seconds(context(**{name: in_ms(told)}), 0)
    assert 0 <= seconds <= left + 0.01
    assert seconds > left - TOLERANCE_SECONDS


def test_vercel_tells_it_with_each_request(vercel_tells: Callable[[float | None], None]) -> None:
    vercel_tells(800)
    assert 794 < deadlines(VERCEL).seconds(nothing, 0) < 795.01
    vercel_tells(60)
    assert 54 < deadlines(VERCEL).seconds(nothing, 0) < 55.01


def test_where_vercel_tells_nothing_its_documentation_is_taken(
    vercel_tells: Callable[[float | None], None],
) -> None:
    vercel_tells(None)
    assert deadlines(VERCEL).seconds(nothing, 0) == 295


def test_elsewhere_the_header_is_a_callers_and_not_believed() -> None:
    told = context(deadline=in_ms(3))
    assert deadlines({}).seconds(told, 0) == math.inf
    assert deadlines({"K_SERVICE": "chat"}).seconds(told, 0) == 295


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        '{"deadline": null}',
        '{"deadline": "soon"}',
        '{"deadline": true}',
        '{"deadline": -1}',
        '{"deadline": 1e400}',
        '{"other": 1}',
        "\udcff",
    ],
)
def test_a_context_that_says_nothing_leaves_the_documentation(header: str | None) -> None:
    assert deadlines(LAMBDA).seconds({LAMBDA_CONTEXT: header}.get, 0) == 895


@pytest.mark.parametrize(("operators", "left"), [("10", 10), ("500", 55)])
def test_the_operator_may_make_it_shorter_only(operators: str, left: float) -> None:
    environ = {**LAMBDA, "CHAT_DEADLINE_SECONDS": operators}
    seconds = deadlines(environ).seconds(context(deadline=in_ms(60)), 0)
    assert left - TOLERANCE_SECONDS < seconds < left + 0.01


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [({}, math.inf), ({"DYNO": "web.1"}, math.inf), ({"CHAT_DEADLINE_SECONDS": "7"}, 7)],
)
def test_without_a_host_that_tells(environ: dict[str, str], seconds: float) -> None:
    assert deadlines(environ).seconds(nothing, 0) == seconds


def test_only_what_a_host_tells_counts_from_here() -> None:
    # Its body took so long to come.
    elapsed = 20.0
    assert deadlines({"K_SERVICE": "chat"}).seconds(nothing, elapsed) == 295
    assert deadlines({"CHAT_DEADLINE_SECONDS": "7"}).seconds(nothing, elapsed) == 7
    told = deadlines(LAMBDA).seconds(context(deadline=in_ms(60)), elapsed)
    assert 75 - TOLERANCE_SECONDS < told < 75.01
    shorter = deadlines({**LAMBDA, "CHAT_DEADLINE_SECONDS": "30"})
    assert shorter.seconds(context(deadline=in_ms(60)), elapsed) == 30
