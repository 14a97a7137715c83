from mockllm.text.logprobs import Logprob, TokenLogprobs, logprobs_of


def test_alternatives_are_others_and_less_likely() -> None:
    for rated in logprobs_of(["The", " river", " the", "!"], seed=0, alternatives=20):
        tokens = [each.token for each in rated.top]
        values = [each.value for each in rated.top]
        assert rated.top[0] == rated.chosen
        assert len(set(tokens)) == 20
        assert values == sorted(values, reverse=True)
        assert values[0] < 0


def test_none_are_told_unless_asked_for() -> None:
    assert logprobs_of(["a"], seed=0, alternatives=0) == [TokenLogprobs(Logprob("a", -0.407026), ())]


def test_token_place_and_seed_decide() -> None:
    first, second = logprobs_of(["a", "a"], seed=0, alternatives=0)
    (other,) = logprobs_of(["a"], seed=1, alternatives=0)
    assert len({first.chosen.value, second.chosen.value, other.chosen.value}) == 3
    assert logprobs_of(["a", "b"], seed=0, alternatives=0)[0] == first
