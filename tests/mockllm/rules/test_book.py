import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockllm import MockLLMServer, Settings, create_app
from mockllm.journal import Store
from mockllm.rules import Question, Rule, RuleBook
from mockllm.rules.book import unanswered
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


def taken(book: RuleBook, asked: Question) -> list[Rule]:
    chosen = book.rules_for(asked)
    assert book.use(chosen)
    return [each.rule for each in chosen]


def texts(book: RuleBook, *said: str) -> list[str]:
    asked = Question("mock", tuple(Turn("user", text) for text in said))
    return [str(value) for rule in taken(book, asked) for value in rule.answer.values()]


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


SEQUENCE = """\
rules:
  - when: {text: order}
    answer: [Pending., {text: Sent., ttft: 5}, Delivered.]
"""


def test_a_rule_of_the_file_answers_one_request_after_another(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(SEQUENCE)
    store = Store()
    # Two workers, which share what is counted.
    books = [RuleBook(store, str(path)), RuleBook(store, str(path))]
    assert [texts(books[index % 2], "order")[0] for index in range(5)] == [
        "Pending.", "Sent.", "Delivered.", "Delivered.", "Delivered.",
    ]  # fmt: skip
    books[0].clear()
    assert texts(books[1], "order") == ["Pending."]


def test_each_test_has_the_whole_sequence(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(SEQUENCE)
    book = RuleBook(Store(), str(tmp_path / "rules.yaml"))

    def asked_by(test: str) -> Question:
        return Question("mock", (Turn("user", "order"),), {"x-mock-test": test})

    came = [taken(book, asked_by(test))[0].answer["text"] for test in ("a", "b", "a", "b")]
    assert came == ["Pending.", "Pending.", "Sent.", "Sent."]


ASKED = Question("gpt-4o", [Turn("user", "Where is my order?")])
CAME = "no rule answers this request (model 'gpt-4o', turn 1, text 'Where is my order?')"
REFUND = ("rules[0]", Rule({"text": "refund", "model": "claude*"}, {"text": "x"}))
ORDER = ("rules[1]", Rule({"text": "order", "turn": 2}, {"text": "x"}))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([], ", and there are no rules"),
        ([REFUND], "; the nearest, rules[0], wants text 'refund' and model 'claude*'"),
        ([REFUND, ORDER], "; the nearest, rules[1], wants turn 2"),
        ([("answer 1", Rule({}, {"text": "x"}, times=1))], "; the nearest, answer 1, is used up"),
    ],
)
def test_the_nearest_is_named(rules: list[tuple[str, Rule]], told: str) -> None:
    assert unanswered(rules, ASKED) == CAME + told


def test_a_long_text_is_cut() -> None:
    assert f"{'x' * 80}...'" in unanswered([], Question("m", [Turn("user", "x" * 81)]))
