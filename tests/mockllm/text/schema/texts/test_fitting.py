from typing import Any

import pytest

from mockllm.text.regex import found
from mockllm.text.schema.texts.fitting import Fitting
from mockllm.values.draws import Draws, digest


@pytest.mark.parametrize(
    ("patterns", "least", "most"),
    [
        (["^[0-9a-f]+$"], 64, 64),
        (["^[a-z]+@[a-z]+\\.com$"], 30, 33),
        (["^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d!?]{8,}$"], 8, 20),
        (["^[A-Z]", "[0-9]$"], 10, 40),
        (["[0-9]"], 20, 30),
    ],
)
def test_a_text_has_all_that_is_wanted_of_it(patterns: list[str], least: int, most: int) -> None:
    def fits(text: str) -> bool:
        return all(found(pattern, text) for pattern in patterns)

    schema = {"allOf": [{"pattern": each} for each in patterns], "minLength": least, "maxLength": most}
    for seed in range(20):
        text = Fitting().text(schema, Draws(digest(seed)), fits)
        assert text is not None
        assert fits(text)
        assert least <= len(text) <= most


def test_what_nothing_fits_is_tried_for_so_long_only() -> None:
    tried: list[str] = []

    def refuses(text: str) -> Any:
        return tried.append(text)

    fitting = Fitting()
    schema = {"pattern": "^[a-z]*$", "minLength": 15_000}
    for seed in range(8):
        assert fitting.text(schema, Draws(digest(seed)), refuses) is None
    assert 200_000 < sum(map(len, tried)) < 600_000
