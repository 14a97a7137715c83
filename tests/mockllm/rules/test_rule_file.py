import os
from pathlib import Path

import pytest

from mockllm.rules import Rule, RuleFile, RuleFileError, load_rules, parse_rules

GOOD = """\
rules:
  - when: {text: refund, turn: 1}
    answer: A human will call you.
  - answer:
      text: |
        Two
        lines
      ttft: 500
"""


def test_good_rules() -> None:
    assert parse_rules(GOOD, "rules.yaml") == (
        Rule({"text": "refund", "turn": 1}, {"text": "A human will call you."}),
        Rule({}, {"text": "Two\nlines\n", "ttft": 500}),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.yaml: rules: expected a mapping"),
        ("rules:\n  - answer: [1\n", "r.yaml:3:1: while parsing a flow sequence expected ',' or ']'"),
        (
            "rules:\n  - when: {txt: a}\n    answer: b\n",
            "r.yaml:2:12: rules[0].when.txt: unknown key; did you",
        ),
        (
            "rules:\n  - when:\n      turn: none\n    answer: b\n",
            "r.yaml:3:13: rules[0].when.turn: expected a",
        ),
        ("rules:\n  - when: {turn: 1}\n", "r.yaml:2:5: rules[0]: expected an answer"),
        ("rules:\n- answer: {ttft: 1, ttft: 2}\n", "r.yaml:2:21: 'ttft' stands twice"),
        ("rules:\n- answer: !!python/name:os.system\n", "r.yaml:2:11: could not determine a constructor"),
        ("rules:\n- \x07", "r.yaml:2:3: special characters are not allowed"),
        ("rules:\n- on: a\n  answer: b\n", "r.yaml:2:3: rules[0].on: unknown key"),
        ("rules:\n- 7: a\n  answer: b\n", "r.yaml:2:3: rules[0].7: unknown key"),
        ("rules:\n- ? [a, b]\n  : c\n", "r.yaml:2:5: a key must be a text"),
        ("rules:\n- answer: {? {a: 1} : c}\n", "r.yaml:2:14: a key must be a text"),
        ("rules:\n- when: {turn: 2024-13-45}\n  answer: b\n", "r.yaml:2:16: rules[0].when.turn: expected a"),
        ("rules:\n- when: {turn: !!timestamp 2024-13-45}\n  answer: b\n", "r.yaml:2:16: month must be in"),
        ("rules:\n- when: {turn: !!timestamp soon}\n  answer: b\n", "r.yaml:2:16: "),
        ("rules:\n- when: {turn: !!int x}\n  answer: b\n", "r.yaml:2:16: invalid literal for int()"),
        ("rules:\n- when: {turn: 0x_}\n  answer: b\n", "r.yaml:2:16: invalid literal for int()"),
        ("rules:\n- when: {turn: !!bool x}\n  answer: b\n", "r.yaml:2:16: "),
        ("rules:\n- when: {turn: " + "9" * 5000 + "}\n  answer: b\n", "r.yaml:2:16: Exceeds the limit"),
        ('rules:\n- answer: "\\UFFFFFFFF"\n', "r.yaml:2:14: "),
        ("rules:\n- answer: " + "[" * 5000, "r.yaml:2:"),
        ("rules: !!map [a]\n", "r.yaml:1:8: expected a mapping"),
        ("rules: &a [*a]\n", "r.yaml:1:8: rules[0][0]: nested more than"),
        ("rules: &a\n- answer: {text: *a}\n", "r.yaml:2:11: rules[0].answer: nested more than"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, message: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        parse_rules(text, "r.yaml")
    assert str(caught.value).startswith(message)


def test_keys_are_texts_and_so_are_dates() -> None:
    told = """
    rules:
    - answer: {embedding: {on: [1], 2: [2.5], 2024-01-01: [3]}}
    - &order
      when: {text: 2024-01-01}
      answer: 2024-13-45
    - <<: *order
      answer: "="
    """
    assert parse_rules(told, "r.yaml") == (
        Rule({}, {"embedding": {"on": [1], "2": [2.5], "2024-01-01": [3]}}),
        Rule({"text": "2024-01-01"}, {"text": "2024-13-45"}),
        Rule({"text": "2024-01-01"}, {"text": "="}),
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="No such file"):
        load_rules(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"\xe4")
    with pytest.raises(RuleFileError, match="utf-8"):
        load_rules(tmp_path / "latin.yaml")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def rewrite(path: Path, text: str) -> None:
    """Write a file whose time of change differs, however coarse the file system's clock is."""
    path.write_text(text)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**9))


def test_an_edit_is_taken_up_within_a_second_and_a_broken_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, path = Clock(), tmp_path / "rules.yaml"
    path.write_text("rules: [{answer: one}]")
    file = RuleFile(path, clock)
    rewrite(path, "rules: [{answer: second}]")
    assert file.rules == (Rule({}, {"text": "one"}),)
    clock.now += 1
    assert file.rules == (Rule({}, {"text": "second"}),)
    rewrite(path, "rules: [{answr: third}]")
    clock.now += 1
    assert file.rules == (Rule({}, {"text": "second"}),)
    assert file.problem == f"{path}:1:10: rules[0].answr: unknown key; did you mean 'answer'?"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    path.unlink()
    clock.now += 1
    assert file.rules == (Rule({}, {"text": "second"}),)
    assert "No such file" in str(file.problem)
    rewrite(path, "rules: []")
    clock.now += 1
    assert (file.rules, file.problem) == ((), None)


def test_a_file_that_is_broken_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("rules: 5")
    with pytest.raises(RuleFileError, match=r"rules\.yaml:1:8: rules: expected a list"):
        RuleFile(tmp_path / "rules.yaml")


def test_halves_of_a_character_that_belong_together_are_joined() -> None:
    text = 'rules: [{when: {text: "\\ud83d\\ude00"}, answer: "a \\ud83d\\ude00\\U0001F600\ufeff"}]'
    assert parse_rules(text, "r") == (Rule({"text": "\U0001f600"}, {"text": "a \U0001f600\U0001f600\ufeff"}),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('rules:\n- answer: "ab\\ud83d"\n', r"r:2:11: rules[0].answer: \ud83d, character 3, is half of one"),
        ('rules:\n- answer: {text: "\\ude00\\ud83d"}', r"r:2:18: rules[0].answer.text: \ude00, character 1"),
        ('rules:\n- when: {text: "\\ud800"}\n  answer: a', r"r:2:16: rules[0].when.text: \ud800"),
        ('rules:\n- when: {"\\ud800": b}\n  answer: a', r"r:2:9: rules[0].when: \ud800"),
        (
            'rules:\n- answer: {calls: [{name: f, arguments: {a: ["\\ud800"]}}]}',
            r"r:2:46: rules[0].answer.calls[0].arguments.a[0]: \ud800",
        ),
        ("rules:\n- answer: {calls: &a [*a]}", "r:2:11: rules[0].answer: nested more than 100 levels"),
    ],
)
def test_half_a_character_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        parse_rules(text, "r")
    assert str(caught.value).startswith(message)
