import json
import sys

import pytest

from mockllm import Settings, create_app
from mockllm.values import shown


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("grün", "'grün'"),
        ('it\'s "x"', "'it\\'s \"x\"'"),
        (["日本", {"a": "😀"}], "['日本', {'a': '😀'}]"),
        ("a\\xe9\n\x7f", "'a\\\\xe9\\n\\x7f'"),
        ("\U0001fae8\u2ffc", "'\\U0001fae8\\u2ffc'"),
        ("\ud83d", "'\\ud83d'"),
        (True, "True"),
        ("x" * 500, "'" + "x" * 399 + "…"),
    ],
)
def test_shown(value: object, written: str) -> None:
    assert shown(value) == written


def test_a_number_that_python_does_not_write() -> None:
    assert shown([10**5000]) == "a number of thousands of digits"


@pytest.mark.thorough
def test_what_every_python_prints_is_printed() -> None:
    known = [chr(code) for code in range(0xA1, sys.maxunicode) if shown(chr(code)) == f"'{chr(code)}'"]
    assert len(known) > 30_000
    assert [char for char in known if not char.isprintable()] == []


@pytest.mark.parametrize(
    "fields",
    [{"tool_choice": "\U0001fae8"}, {"mock": {"tokens": "\U0001fae8"}}, {"model": "mock-itl5-\U0001fae8"}],
)
def test_a_refusal_is_the_same_on_every_python(fields: dict[str, object]) -> None:
    asked = {"model": "mock", "messages": [{"role": "user", "content": "x"}], **fields}
    refused = create_app(Settings(profile="instant")).test_client().post("/v1/chat/completions", json=asked)
    assert refused.status_code == 400
    assert "\\U0001fae8" in json.loads(refused.data)["error"]["message"]
