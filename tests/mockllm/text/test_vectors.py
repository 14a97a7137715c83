import math

import pytest

from mockllm.text.vectors import vector


def embedded(text: str, seed: int = 0, dimensions: int = 1536) -> list[float]:
    return vector(text, seed, 1536, dimensions)


def likeness(first: list[float], second: list[float]) -> float:
    return math.fsum(a * b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("dimensions", [1, 2, 256, 1536])
def test_vectors_have_length_one(dimensions: int) -> None:
    found = embedded("rivers and seas", dimensions=dimensions)
    assert len(found) == dimensions
    assert likeness(found, found) == pytest.approx(1, abs=1e-6)


def test_shared_words_bring_texts_together() -> None:
    rivers, also_rivers, music = map(
        embedded, ("the rivers of France", "rivers in France", "a violin sonata")
    )
    assert likeness(rivers, also_rivers) > 0.4
    assert abs(likeness(rivers, music)) < 0.15


def test_no_two_texts_share_a_vector() -> None:
    assert embedded("a b") != embedded("b a")
    assert embedded("a b", seed=1) != embedded("a b")


def test_fewer_dimensions_are_the_first_of_all() -> None:
    whole, cut = embedded("rivers"), embedded("rivers", dimensions=8)
    ratio = whole[0] / cut[0]
    assert whole[:8] == pytest.approx([value * ratio for value in cut])
