import pytest

from mockllm.journal.cassettes.cassette import RecordedRequest, request_of
from mockllm.journal.cassettes.matching import nearest, request_key

PATH = "/v1/chat/completions"


def asked(body: bytes) -> RecordedRequest:
    return request_of("POST", PATH, body)


def test_neither_order_of_keys_nor_white_space_counts() -> None:
    assert request_key(asked(b'{"a": {"x": 1, "y": 2}, "b": [1]}')) == request_key(
        asked(b'{"b":[1],"a":{"y":2,"x":1}}')
    )


@pytest.mark.parametrize(
    "other",
    [
        request_of("PUT", PATH, b'{"a":1}'),
        request_of("POST", "/v1/embeddings", b'{"a":1}'),
        asked(b'{"a":2}'),
        asked(b'{"a":[1,2]}'),
        asked(b"\xff"),
    ],
)
def test_everything_else_does(other: RecordedRequest) -> None:
    assert request_key(asked(b'{"a":1}')) != request_key(other)


def test_the_nearest_and_how_it_differs() -> None:
    near = asked(b'{"model":"a","messages":[{"role":"user","content":"hello"}]}')
    far = asked(b'{"model":"b","messages":[],"n":2}')
    got = asked(b'{"model":"a","messages":[{"role":"user","content":"Hello"}],"stream":true}')
    assert nearest(got, [far, near]) == (
        near,
        'messages[0].content: recorded "hello", got "Hello"; stream: recorded nothing, got true',
    )


def test_many_differences_are_counted() -> None:
    found = nearest(asked(b'{"a":1,"b":2,"c":3,"d":4,"e":5}'), [asked(b"{}")])
    assert found is not None
    assert found[1].endswith("; and 3 more")


def test_another_path_is_never_near() -> None:
    assert nearest(asked(b"{}"), [request_of("GET", "/v1/models", b"")]) is None
