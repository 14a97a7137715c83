"""What is read by types is what would be read tolerantly; anything that types do not name is read tolerantly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from webapp.chat import Usage
from webapp.upstream.decoding import Chunk, tolerant
from webapp.upstream.decoding.documented import documented
from webapp.upstream.decoding.tolerant import TolerantReader

BASE = {
    "id": "c",
    "object": "chat.completion.chunk",
    "created": 1764000000,
    "model": "m",
    "service_tier": None,
}
USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11, "prompt_tokens_details": {"a": 0}}
DIALECTS = sorted((Path(__file__).parent / "dialects").glob("*.http"))


def chunk(delta: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta or {}, "logprobs": None, "finish_reason": None}
    return {**BASE, "choices": [{**choice, **more}], "usage": None}


DOCUMENTED: dict[str, tuple[dict[str, Any], Chunk]] = {
    "role": (chunk({"role": "assistant", "content": "", "refusal": None}), Chunk()),
    "text": (chunk({"content": "é"}, finish_reason="length"), Chunk("é", "length")),
    "thought": (chunk({"reasoning_content": "hm", "content": None}), Chunk(reasoning="hm")),
    "finish": (chunk(finish_reason="end_turn"), Chunk(finish_reason="stop")),
    "no finish yet": (chunk(finish_reason=""), Chunk()),
    "usage": ({**BASE, "choices": [], "usage": USAGE}, Chunk(usage=Usage(9, 2, 11), end="usage")),
    "usage beside text": ({**chunk({"content": "a"}), "usage": USAGE}, Chunk("a", usage=Usage(9, 2, 11))),
    "part of a usage": ({**chunk(), "usage": {"prompt_tokens": 9}}, Chunk()),
    "nothing": ({**BASE, "choices": []}, Chunk()),
}

ODD: dict[str, dict[str, Any]] = {
    "error beside it": {**chunk(), "error": {"message": "no"}},
    "error by its object": {**chunk(), "object": "error"},
    "usage of a choice": chunk(usage=USAGE),
    "thinking by another name": chunk({"content": "", "reasoning": "hm"}),
    "list of parts": chunk({"content": [{"type": "text", "text": "a"}]}),
    "refusal": chunk({"refusal": "No."}),
    "second choice": chunk({"content": "a"}, index=1),
    "two choices": {**BASE, "choices": [chunk()["choices"][0]] * 2},
    "no choices": {**BASE},
    "whole message": {**BASE, "choices": [{"index": 0, "message": {"content": "a"}}]},
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_documented_chunk_is_read_as_it_would_be_tolerantly(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    value, expected = DOCUMENTED[name]
    data = json.dumps(value).encode()
    assert documented(data)
    quick = TolerantReader()
    assert quick.read(data) == expected
    monkeypatch.setattr(tolerant, "documented", lambda _: None)
    slow = TolerantReader()
    assert slow.read(data) == expected
    for what in ("has_text", "has_thought", "is_whole", "holds"):
        assert getattr(quick, what) == getattr(slow, what), what


@pytest.mark.parametrize("name", ODD)
def test_what_has_more_than_that_is_left_to_the_tolerant_reading(name: str) -> None:
    assert documented(json.dumps(ODD[name]).encode()) is None


@pytest.mark.parametrize("cut", [b'{"choices": [', b'"a"', b"[DONE]", b"\xff", b""])
def test_what_is_no_object_is_left_to_it_too(cut: bytes) -> None:
    assert documented(cut) is None


def test_what_waits_for_its_other_half_is_not_passed_by() -> None:
    reader = TolerantReader()
    assert reader.read(json.dumps(chunk({"content": "\ud83d"})).encode()) == Chunk()
    assert reader.read(json.dumps(chunk({"content": "a"})).encode()) == Chunk("\ufffda")


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda path: path.name)
def test_each_object_of_the_corpus_is_the_same_both_ways(
    dialect: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = [line[6:] for line in dialect.read_bytes().split(b"\n") if line.startswith(b"data: {")]
    quick = [
        (data, reader.read(data)) for reader in [TolerantReader()] for data in objects if documented(data)
    ]
    monkeypatch.setattr(tolerant, "documented", lambda _: None)
    slow = TolerantReader()
    assert [slow.read(data) for data, _ in quick] == [chunk for _, chunk in quick]
