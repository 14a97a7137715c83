import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockllm import MockLLMServer, Settings, create_app
from mockllm.journal import Store
from mockllm.rules import Question, RuleBook
from mockllm.values.conversation import Turn
from tests.mockllm.calls import Caller, chat_body

ROOT = Path(__file__).parents[3]
RULES = """\
rules:
  - when: {text: rivers, turn: 1}
    answer: Rivers are wet.
  - when: {model: "gpt-*"}
    answer: {fault: rate_limit*2}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    return tmp_path / "rules.yaml"


def texts(book: RuleBook, *said: str) -> list[str]:
    asked = Question("mock", tuple(Turn("user", text) for text in said))
    return [str(value) for rule in book.rules_for(asked) for value in rule.answer.values()]


def test_given_answers_replace_those_of_the_file_and_given_faults_join_them(path: Path) -> None:
    book = RuleBook(Store(), str(path))
    assert texts(book, "rivers") == ["Rivers are wet."]
    book.given.add({"answer": {"fault": "reset"}, "times": 1})
    assert texts(book, "rivers") == ["Rivers are wet.", "reset"]
    book.given.add({"answer": "Mine."})
    assert texts(book, "rivers") == ["Mine."]


def test_the_request_is_stronger_than_a_rule(path: Path) -> None:
    client = create_app(Settings(profile="instant", rules=str(path))).test_client()

    def text(**fields: object) -> str:
        answer = client.post("/v1/chat/completions", data=chat_body(**fields)).json
        assert answer is not None
        return str(answer["choices"][0]["message"]["content"])

    assert text() == "Rivers are wet."
    assert text(mock={"text": "Dry."}) == "Dry."


def test_a_fault_of_a_rule_spares_the_retries_it_is_told_to_spare(path: Path) -> None:
    client = create_app(Settings(profile="instant", rules=str(path))).test_client()
    asked = chat_body(model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])
    statuses = [
        client.post(
            "/v1/chat/completions", data=asked, headers={"X-Stainless-Retry-Count": str(retry)}
        ).status_code
        for retry in (0, 1, 2)
    ]
    assert statuses == [429, 429, 200]


def test_every_worker_reads_the_file(path: Path) -> None:
    with MockLLMServer(profile="instant", workers=2, rules=path) as server:
        caller = Caller(server.url)
        assert all(b"Rivers are wet." in caller.chat().body for _ in range(20))
        assert (
            b'"rules":{"file":"%b","count":2,"problem":null}' % str(path).encode()
            in caller.call("GET", "/healthz").body
        )


def test_a_broken_file_is_one_clear_line_and_exit_code_2(path: Path) -> None:
    path.write_text("rules:\n  - anser: x\n")
    result = subprocess.run(
        [sys.executable, "-m", "mockllm", f"--rules={path}"],
        cwd=ROOT, env={**os.environ}, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (2, "")
    problem = f"{path}:2:5: rules[0].anser: unknown key; did you mean 'answer'?"
    assert result.stderr == f"mockllm: MOCKLLM_RULES: {problem}\n"


def test_a_counted_fault_ends_for_clients_that_count_no_retries() -> None:
    client = create_app(Settings(profile="instant")).test_client()
    rule = {"answer": {"fault": "rate_limit"}, "times": 2}
    assert client.post("/mock/rules", json=rule).status_code == 201
    always_first = {"X-Stainless-Retry-Count": "0"}
    for headers in ({}, always_first):
        statuses = [
            client.post("/v1/chat/completions", data=chat_body(), headers=headers).status_code
            for _ in range(3)
        ]
        assert statuses == [429, 429, 200]
        client.post("/mock/reset")
        client.post("/mock/rules", json=rule)
