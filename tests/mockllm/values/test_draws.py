from mockllm.values.draws import Draws, digest


def test_draws_are_the_same_everywhere() -> None:
    draws = Draws(digest("seed"))
    assert [draws.between(0, 99) for _ in range(8)] == [82, 48, 15, 55, 86, 51, 28, 83]


def test_a_digest_depends_on_where_its_parts_end() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_both_ends_are_drawn() -> None:
    draws = Draws(digest(1))
    assert {draws.between(1, 3) for _ in range(100)} == {1, 2, 3}
