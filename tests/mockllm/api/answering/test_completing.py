from typing import Any

import pytest

from mockllm.api.answering.completing import complete as complete_ask
from mockllm.faults import Fault
from mockllm.rules.knobs import Knobs
from mockllm.timing.pacing import Pace
from mockllm.values.completion import Completion
from mockllm.values.conversation import Ask, PastCall, Tool, Toolbox, Turn
from mockllm.values.errors import ApiError

KNOBS = Knobs(Pace(0, 0), seed=0)
FIXED = Knobs(Pace(0, 0), seed=0, text="One two. Three four.")
ASKED = (Turn("user", "Tell me about rivers"),)


def complete(turns: tuple[Turn, ...], knobs: Knobs, **limits: Any) -> Completion:
    return complete_ask(Ask(turns, **limits), knobs)


def only(completion: Completion) -> str:
    assert len(completion.choices) == 1
    return completion.choices[0].text


def test_a_limit_cuts_the_same_text() -> None:
    whole = complete(ASKED, KNOBS).choices[0]
    cut = complete(ASKED, KNOBS, limit=10).choices[0]
    assert (whole.finish_reason, cut.finish_reason) == ("stop", "length")
    assert cut.parts[0].tokens == whole.parts[0].tokens[:10]


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    knobs = Knobs(Pace(0, 0), seed=0, tokens=40)
    assert complete(ASKED, knobs, limit=40) == complete(ASKED, knobs)


def test_a_stop_sequence_ends_the_text_before_it() -> None:
    assert only(complete(ASKED, FIXED, stop=("Three", "two"))) == "One "
    assert only(complete(ASKED, FIXED, stop=("nowhere",))) == FIXED.text


def test_choices_differ() -> None:
    first, second = complete(ASKED, KNOBS, choices=2).choices
    assert first.text != second.text


def test_the_seed_and_the_words_decide() -> None:
    assert only(complete(ASKED, KNOBS)) == only(complete(ASKED, KNOBS))
    assert only(complete(ASKED, KNOBS)) != only(complete(ASKED, Knobs(Pace(0, 0), seed=1)))


@pytest.mark.parametrize("cut", [1, 7, 50, 99])
def test_a_begun_answer_is_continued(cut: int) -> None:
    whole = only(complete(ASKED, KNOBS))
    rest = only(complete((*ASKED, Turn("assistant", whole[:cut])), KNOBS))
    assert whole[:cut] + rest == whole


def test_a_finished_answer_has_no_rest() -> None:
    whole = only(complete(ASKED, KNOBS))
    assert only(complete((*ASKED, Turn("assistant", whole)), KNOBS)) == ""


def test_somebody_elses_beginning_gets_a_text_of_its_own() -> None:
    assert only(complete((*ASKED, Turn("assistant", "Nobody wrote this")), KNOBS))


def test_usage_counts_prompt_and_answers() -> None:
    completion = complete(ASKED, FIXED, choices=2)
    assert (completion.prompt_tokens, completion.completion_tokens) == (10, 12)


@pytest.mark.parametrize(
    "field", [{"tokens": 30_000}, {"text": "a " * 30_000}, {"refusal": "a " * 30_000}, {"reasoning": 30_000}]
)
def test_too_much_at_once_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(ApiError, match="tokens over all choices"):
        complete(ASKED, Knobs(Pace(0, 0), seed=0, **field), choices=100)


def test_what_cannot_be_called_or_written_is_refused() -> None:
    impossible = {"type": "object", "properties": {"a": False}, "required": ["a"]}
    for field, param in (
        ({"toolbox": Toolbox((Tool("f", schema=impossible),))}, "tools"),
        ({"form": "json_schema", "form_place": "text.format", "schema": impossible}, "text.format"),
    ):
        with pytest.raises(ApiError, match="a must not exist") as caught:
            complete(ASKED, KNOBS, **field)
        assert (caught.value.status, caught.value.param) == (400, param)


def test_tools_and_earlier_calls_count_as_prompt() -> None:
    plain = complete(ASKED, FIXED).prompt_tokens
    assert complete(ASKED, FIXED, toolbox=Toolbox((Tool("get_weather"),))).prompt_tokens > plain
    called = (
        *ASKED,
        Turn("assistant", "", calls=(PastCall("c", "get_weather", "{}"),)),
        Turn("tool", "rain"),
    )
    uncalled = (*ASKED, Turn("assistant", ""), Turn("tool", "rain"))
    assert complete(called, FIXED).prompt_tokens > complete(uncalled, FIXED).prompt_tokens


def test_a_filter_ends_the_text_where_it_strikes_first() -> None:
    filtered = Knobs(Pace(0, 0), seed=0, fault=Fault("content_filter", 3))
    assert complete(ASKED, filtered).choices[0].finish_reason == "content_filter"
    assert complete(ASKED, filtered, limit=2).choices[0].finish_reason == "length"
    assert complete(ASKED, filtered).choices[0].count == 3
