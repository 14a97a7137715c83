"""What the page sends and the app takes: tests/page_requests.json, here the app's side; tests/js/turns has the page's."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from webapp.chat.errors import RefusedError
from webapp.chat.messages import ChatBody, parse_chat_request
from webapp.configuration.settings import Settings
from webapp.page.facts import page_values

TOP = Path(__file__).resolve().parents[3]
ROWS: list[dict[str, Any]] = json.loads((TOP / "tests/page_requests.json").read_text("utf-8"))
USUAL = {
    "messages": 200,
    "characters": 32_000,
    "bytes": 999_001,
    "tokens": 4096,
    "temperature": 2.0,
    "system": False,
}
LIMITS = {
    "max_messages": "messages",
    "max_message_chars": "characters",
    "max_output_tokens": "tokens",
    "allow_system_messages": "system",
}


def settings_of(row: dict[str, Any]) -> Settings:
    return Settings(model="mock", **row.get("env", {}))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_app_takes_what_the_page_sends(row: dict[str, Any]) -> None:
    settings = settings_of(row)
    body = json.dumps(row["sent"], ensure_ascii=False, separators=(",", ":")).encode()
    assert len(body) <= settings.max_body_bytes
    if "refused" in row:
        with pytest.raises(RefusedError) as raised:
            parse_chat_request(body, settings)
        assert raised.value.code == row["refused"]
        return
    asked = asdict(parse_chat_request(body, settings))
    asked["messages"] = [msgspec.to_builtins(message) for message in asked["messages"]]
    usual = {"temperature": None, "reasoning_effort": None, "stream": True, "dropped_messages": 0}
    assert asked == usual | row["asked"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_page_is_told_the_limits_that_the_row_is_about(row: dict[str, Any]) -> None:
    told = page_values(settings_of(row), None, entry="chat.js", language="en")["facts"]["limits"]
    changed = {LIMITS[name]: value for name, value in row.get("env", {}).items() if name in LIMITS}
    most_bytes = (
        {"bytes": row["env"]["max_body_bytes"] - 999} if "max_body_bytes" in row.get("env", {}) else {}
    )
    assert told == USUAL | changed | most_bytes


def test_each_field_that_the_app_takes_is_in_the_document_and_no_other() -> None:
    table = (TOP / "docs/page.md").read_text("utf-8").partition("## What it sends")[2].partition("\n## ")[0]
    fields = [line.split("|")[1].strip(" `") for line in table.splitlines() if line.startswith("| `")]
    assert sorted(fields) == sorted(ChatBody.__struct_fields__)


def test_each_field_that_the_page_sends_is_sent_in_a_row() -> None:
    sent = {name for row in ROWS for name in row["sent"]}
    assert sent == set(ChatBody.__struct_fields__) - {"prompt", "stream"}
