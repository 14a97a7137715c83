"""Moderations flag what is named in a text."""

from typing import Any

import openai
import pytest

from mockllm.api import moderations
from mockllm.values.errors import ApiError
from tests.mockllm.conformance.strict import strict_errors

PICTURE: Any = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def test_a_category_is_flagged_where_it_is_named(client: openai.OpenAI) -> None:
    judged = client.moderations.create(input=["A river", "An act of Violence"])
    assert strict_errors(judged) == []
    calm, wild = judged.results
    assert (calm.flagged, wild.flagged, wild.categories.violence, wild.categories.hate) == (
        False,
        True,
        True,
        False,
    )
    assert wild.category_scores.violence >= 0.9 > calm.category_scores.violence
    assert judged.to_dict() == client.moderations.create(input=["A river", "An act of Violence"]).to_dict()


def test_text_and_picture_are_judged_together(client: openai.OpenAI) -> None:
    parts: Any = [{"type": "text", "text": "What is this?"}, PICTURE]
    (result,) = client.moderations.create(model="omni-moderation-latest", input=parts).results
    assert result.category_applied_input_types.violence == ["text", "image"]
    assert result.category_applied_input_types.hate == ["text"]


@pytest.mark.parametrize("given", [[], 5, [{"type": "smell"}]])
def test_bad_input(given: Any) -> None:
    with pytest.raises(ApiError) as refused:
        moderations.parse({"input": given})
    assert str(refused.value.param).startswith("input")
