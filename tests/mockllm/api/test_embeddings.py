"""What embeddings answer, seen by the vendor's client."""

import math
from typing import Any

import openai


def embedded(client: openai.OpenAI, given: Any, **fields: Any) -> list[list[float]]:
    answer = client.embeddings.create(**{"model": "text-embedding-3-small", "input": given, **fields})
    assert [each.index for each in answer.data] == list(range(len(answer.data)))
    return [each.embedding for each in answer.data]


def test_sizes(client: openai.OpenAI) -> None:
    assert len(embedded(client, "x")[0]) == 1536
    assert len(embedded(client, "x", model="text-embedding-3-large")[0]) == 3072
    assert len(embedded(client, "x", dimensions=7)[0]) == 7


def test_base64_and_numbers_are_the_same_vector(client: openai.OpenAI) -> None:
    assert embedded(client, "rivers", encoding_format="float") == embedded(client, "rivers")


def test_each_input_has_the_vector_it_has_alone(client: openai.OpenAI) -> None:
    assert embedded(client, ["rivers", "seas"]) == [*embedded(client, "rivers"), *embedded(client, ["seas"])]


def test_tokens_are_taken_alone_and_in_lists(client: openai.OpenAI) -> None:
    assert embedded(client, [1, 2]) == embedded(client, [[1, 2]])
    assert len(embedded(client, [[1], [2, 3]])) == 2


def test_vectors_are_unit_vectors(client: openai.OpenAI) -> None:
    (vector,) = embedded(client, "rivers", dimensions=100)
    assert math.isclose(math.fsum(value * value for value in vector), 1, abs_tol=1e-6)


def test_the_seed_matters(client: openai.OpenAI) -> None:
    assert embedded(client, "x", model="mock-seed1") != embedded(client, "x", model="mock-seed2")


def test_usage(client: openai.OpenAI) -> None:
    usage = client.embeddings.create(model="mock", input=["Tell me about rivers", "x"]).usage
    assert (usage.prompt_tokens, usage.total_tokens) == (5, 5)
