from typing import Any

import pytest

from mockllm.faults import Fault
from mockllm.rules.knob_names import turn_by_name
from mockllm.rules.knobs import Knobs, turn_by_object
from mockllm.timing.pacing import PROFILES, Pace
from mockllm.values.errors import ApiError

BASE = Knobs(PROFILES["fast"], seed=0)


@pytest.mark.parametrize(
    ("model", "knobs"),
    [
        ("mock", BASE),
        ("gpt-4o-mini", BASE),
        ("mock-instant", Knobs(Pace(0, 0), 0)),
        ("mock-ttft500-itl20-tokens400", Knobs(Pace(0.5, 0.02), 0, tokens=400)),
        ("mock-prefill0.5-ttft100-cv0.3-itl5", Knobs(Pace(0.1, 0.005, 0.0005, 0.3), 0)),
        ("mock-itl2.5-instant", Knobs(Pace(0, 0.0025), 0)),
        ("mock-seed7-noop@20.5", Knobs(PROFILES["fast"], 7, fault=Fault("noop", 20, 5))),
    ],
)
def test_model_names(model: str, knobs: Knobs) -> None:
    assert turn_by_name(BASE, model) == knobs


@pytest.mark.parametrize(
    "model",
    [
        "mock-ttft",
        "mock-tokens0",
        "mock-tokens1.5",
        "mock-noop@x",
        "mock-tftt500",
        "mock-token400",
        "mock-rset@3",
        "mock-itl20-warp",
        "mock-fast-v2",
        "mock-instnat",
        "mock-itl\u0663",
        "mock-ratelimit",
    ],
)
def test_unknown_parts_of_a_model_name_are_refused(model: str) -> None:
    with pytest.raises(ApiError) as caught:
        turn_by_name(BASE, model)
    assert (caught.value.status, caught.value.param, caught.value.code) == (400, "model", "unknown_knob")


def test_the_object_lays_finer_knobs_over_a_profile() -> None:
    values = {"itl": 5, "profile": "founding", "tokens": 3, "text": "Hi", "fault": "noop", "ttft": None}
    assert turn_by_object(BASE, values) == Knobs(Pace(1.03, 0.005), 0, 3, "Hi", fault=Fault("noop"))


@pytest.mark.parametrize(
    ("values", "param"),
    [
        ({"speeed": 1}, "mock.speeed"),
        ({"ttft": "fast"}, "mock.ttft"),
        ({"ttft": -1}, "mock.ttft"),
        ({"itl": True}, "mock.itl"),
        ({"cv": 4}, "mock.cv"),
        ({"cv": float("nan")}, "mock.cv"),
        ({"prefill": "x"}, "mock.prefill"),
        ({"itl": float("inf")}, "mock.itl"),
        ({"tokens": 10**9}, "mock.tokens"),
        ({"tokens": 1.5}, "mock.tokens"),
        ({"seed": "x"}, "mock.seed"),
        ({"text": 1}, "mock.text"),
        ({"profile": ["fast"]}, "mock.profile"),
        ({"fault": "nope"}, "mock.fault"),
        ({"reasoning": -1}, "mock.reasoning"),
        ({"reasoning": True}, "mock.reasoning"),
        ({"refusal": 5}, "mock.refusal"),
        ({"calls": 17}, "mock.calls"),
        ({"calls": [{}]}, "mock.calls"),
        ({"calls": [{"name": ""}]}, "mock.calls"),
        ({"calls": ["get_weather"]}, "mock.calls"),
        ({"calls": [{"name": "x"}] * 17}, "mock.calls"),
        ({"fault": 1}, "mock.fault"),
    ],
)
def test_senseless_values_are_refused(values: dict[str, Any], param: str) -> None:
    with pytest.raises(ApiError) as caught:
        turn_by_object(BASE, values)
    assert (caught.value.status, caught.value.param) == (400, param)


@pytest.mark.parametrize(
    "model",
    [
        "mock-model", "mock-gpt-4", "mock-1", "mock-embedding", "mock-", "mock-text-embedding-3-small", "mock-v2",
        "mock-llm", "mock-gpt-4o-mini", "mock-claude-sonnet-4", "mock-slow", "mock-chat", "mock-o3", "mock-mistral-7b",
    ],
)  # fmt: skip
def test_a_name_without_knobs_is_anybodys(model: str) -> None:
    assert turn_by_name(BASE, model) == BASE


@pytest.mark.parametrize(
    ("model", "cure"),
    [
        ("mock-tftt500", "did you mean 'ttft500'?"),
        ("mock-itl20-warp", "knobs are written as in mock-ttft500"),
    ],
)
def test_the_cure_is_told_in_a_line(model: str, cure: str) -> None:
    with pytest.raises(ApiError) as caught:
        turn_by_name(BASE, model)
    assert cure in caught.value.message
    assert len(caught.value.message) < 200


def test_calls_are_counted_or_written_out() -> None:
    written: list[Any] = [
        {"name": "a", "arguments": {"x": [1]}},
        {"name": "b", "arguments": '{"broken'},
        {"name": "c"},
    ]
    assert turn_by_object(BASE, {"calls": 2}).calls == 2
    assert turn_by_object(BASE, {"calls": written}).calls == (
        ("a", '{"x":[1]}'),
        ("b", '{"broken'),
        ("c", "{}"),
    )


def test_a_refusal_has_words_of_its_own_or_the_usual() -> None:
    assert turn_by_object(BASE, {"refusal": "No."}).refusal == "No."
    assert turn_by_object(BASE, {"refusal": True}).refusal == "I'm sorry, but I can't help with that."
    assert turn_by_object(BASE, {"refusal": False}).refusal is None


def test_an_unknown_knob_is_told_the_known_ones() -> None:
    with pytest.raises(
        ApiError,
        match="profile, ttft, itl, prefill, cv, tokens, seed, text, reasoning, refusal, calls, search, fault",
    ):
        turn_by_object(BASE, {"delay": 1})
