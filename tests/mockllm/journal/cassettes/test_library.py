from pathlib import Path

import pytest

from mockllm.journal.cassettes.cassette import Cassette, Chunk, RecordedRequest, RecordedResponse, request_of
from mockllm.journal.cassettes.library import CassetteError, Library


def cassette(asked: RecordedRequest, text: str) -> Cassette:
    return Cassette(asked, RecordedResponse(200, [], 0.0, [Chunk(0.0, text=text)], 0.0))


def chat(body: bytes) -> RecordedRequest:
    return request_of("POST", "/v1/chat/completions", body)


def texts(library: Library, asked: RecordedRequest, attempts: int) -> list[str | None]:
    found = [library.find(asked, attempt) for attempt in range(attempts)]
    return [each.response.chunks[0].text if each else None for each in found]


def test_each_attempt_gets_the_next_take_and_the_last_stays(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for number in range(11):
        library.save(cassette(chat(b'{"a": 1}'), f"take {number}"))
    library.save(cassette(chat(b'{"a": 2}'), "other"))
    loaded = Library(tmp_path).load()
    assert len(loaded) == 12
    assert texts(loaded, chat(b'{"a":1}'), 12) == [*(f"take {number}" for number in range(11)), "take 10"]
    assert texts(loaded, chat(b'{"a":2}'), 2) == ["other", "other"]
    assert texts(loaded, chat(b'{"a":3}'), 1) == [None]


def test_files_are_named_by_what_was_asked(tmp_path: Path) -> None:
    paths = [Library(tmp_path / "made").save(cassette(chat(b"{}"), "x")) for _ in range(2)]
    assert [path.name for path in paths] == [
        "chat-completions-16f084cad77d-1.json",
        "chat-completions-16f084cad77d-2.json",
    ]


def test_a_miss_is_told_what_there_is(tmp_path: Path) -> None:
    path = Library(tmp_path).save(cassette(chat(b'{"model":"a"}'), "x"))
    library = Library(tmp_path).load()
    assert library.describe_nearest(chat(b'{"model":"b"}')) == (
        f'the nearest is {path.name}, which differs in model: recorded "a", got "b"'
    )
    assert library.describe_nearest(request_of("GET", "/v1/models", b"")) == (
        "the cassettes hold only POST /v1/chat/completions"
    )


def test_what_cannot_be_played_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="no cassettes"):
        Library(tmp_path).load()
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(CassetteError, match=r"broken\.json: Object missing required field"):
        Library(tmp_path).load()
