import json
import threading
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from mockllm import MockLLMServer
from mockllm.testing.mock import MockLLM
from tests.conftest import MS


@pytest.fixture(scope="module")
def running() -> Iterator[MockLLM]:
    with MockLLMServer(profile="instant", workers=2) as server:
        yield MockLLM(server.url)


@pytest.fixture
def mock(running: MockLLM) -> MockLLM:
    running.reset()
    return running


@pytest.fixture
def chat(mock: MockLLM) -> Iterator["Chat"]:
    with openai.OpenAI(base_url=mock.base_url, api_key="any", max_retries=0) as client:
        yield Chat(client)


class Chat:
    """Says one thing and returns the answer."""

    def __init__(self, client: openai.OpenAI) -> None:
        self.client = client

    def say(self, text: str, model: str = "mock") -> str | None:
        messages = [{"role": "user", "content": text}]
        return self.client.chat.completions.create(model=model, messages=messages).choices[0].message.content  # type: ignore[arg-type] # short


def test_answers_of_ones_own(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with("I do not know.")
    mock.answer_with("14 days.", when={"text": "refund"})
    assert [chat.say(text) for text in ("Refund?", "Weather?")] == ["14 days.", "I do not know."]
    mock.answer_with("Sorry, what?", times=1)
    assert [chat.say("Refund?") for _ in range(2)] == ["Sorry, what?", "14 days."]


def test_all_workers_know_them(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with("The same.")
    texts = set()
    # Which worker takes a connection is the kernel's choice, so as many as it takes to meet both.
    for number in range(500):
        fresh = {"Connection": "close"}
        answer = chat.client.with_options(default_headers=fresh).responses.create(
            model="mock", input=str(number)
        )
        texts.add(answer.output_text)
        if len({request.entry["worker"] for request in mock.requests}) == 2:
            break
    else:
        pytest.fail("one worker answered 500 requests")
    assert texts == {"The same."}


def test_answers_in_other_forms(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with(calls=[{"name": "get_weather", "arguments": {"city": "Paris"}}], times=1)
    mock.answer_with(refusal="I would rather not.")
    assert chat.say("Weather?") is None
    assert chat.say("Weather?") is None
    response = chat.client.responses.create(model="mock", input="Weather?")
    assert "I would rather not." in response.model_dump_json()


def test_it_fails_as_often_as_it_is_told(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with("At last.")
    mock.fail_with("rate_limit:1", times=2)
    mock.fail_with("server_error", times=1)
    for error in (openai.RateLimitError, openai.RateLimitError, openai.InternalServerError):
        with pytest.raises(error):
            chat.say("Hi")
    assert chat.say("Hi") == "At last."
    assert [request.fault for request in mock.requests] == ["rate_limit", "rate_limit", "server_error", ""]


def test_a_client_that_retries_gets_through(mock: MockLLM, chat: Chat) -> None:
    mock.fail_with("rate_limit:1", times=2)
    chat.client.with_options(max_retries=2).models.list()
    chat.client = chat.client.with_options(max_retries=2)
    assert chat.say("Hi")
    assert [request.status for request in mock.requests if request.method == "POST"] == [429, 429, 200]


def test_a_reset_forgets(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with("Mine.")
    mock.fail_with("server_error")
    mock.reset()
    assert mock.requests == []
    assert chat.say("Hi") != "Mine."
    assert len(mock.requests) == 1


def test_the_requests_that_came(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with("Mine.")
    chat.say("What is a river?", model="mock-instant")
    (request,) = mock.requests
    assert (request.method, request.path, request.model) == ("POST", "/v1/chat/completions", "mock-instant")
    assert (request.status, request.fault, request.answer) == (200, "", "Mine.")
    assert request.text == "What is a river?"
    assert request.body["messages"] == [{"role": "user", "content": "What is a river?"}]
    assert "Authorization" not in request.headers


def test_expected_requests(mock: MockLLM, chat: Chat) -> None:
    for text in ("One river", "Two rivers", "A lake"):
        chat.say(text)
    assert len(mock.expect_request({"text": "river"})) == 2
    assert len(mock.expect_request({"regex": "^A "}, times=1)) == 1
    assert mock.expect_request({"text": "sea"}, times=0) == []
    assert len(mock.expect_request()) == 3


def test_a_request_that_is_still_to_come(mock: MockLLM, chat: Chat) -> None:
    late = threading.Timer(50 * MS, chat.say, ["Later"])
    late.start()
    assert mock.expect_request({"text": "later"}, within_seconds=5)[0].text == "Later"
    late.join()


def test_the_failure_shows_what_came_instead(mock: MockLLM, chat: Chat) -> None:
    mock.fail_with("overloaded", times=1)
    with pytest.raises(openai.InternalServerError):
        chat.say("A lake")
    chat.say("Two rivers", model="gpt-4o")
    with pytest.raises(AssertionError) as caught:
        mock.expect_request({"text": "river", "model": "gpt-5*"})
    assert str(caught.value).splitlines() == [
        "expected a request with text 'river' and model 'gpt-5*', but of 2 that came none matched:",
        "  POST /v1/chat/completions mock -> 503, fault overloaded: 'A lake' (not its text, model)",
        "  POST /v1/chat/completions gpt-4o -> 200: 'Two rivers' (not its model)",
    ]
    with pytest.raises(AssertionError, match="expected 1 request, but of 2 that came 2 matched"):
        mock.expect_request(times=1)


def test_the_failure_when_nothing_came_asks_for_the_base_url(mock: MockLLM) -> None:
    with pytest.raises(AssertionError, match=f"no request came at all; .* base_url='{mock.base_url}'"):
        mock.expect_request()


def test_what_makes_no_sense_is_told_at_once(mock: MockLLM) -> None:
    with pytest.raises(ValueError, match=r"answer\.txt: unknown key; did you mean 'text'"):
        mock.answer_with(txt="x")
    with pytest.raises(ValueError, match=r"when\.modell: unknown key; did you mean 'model'"):
        mock.expect_request({"modell": "x"})
    with pytest.raises(ValueError, match="'boom' is not a fault"):
        mock.fail_with("boom")
    with pytest.raises(ValueError, match="times: expected a whole number from 1"):
        mock.fail_with("reset", times=0)


def test_tests_at_once_share_a_server(mock: MockLLM) -> None:
    mine, yours = mock.for_test(), mock.for_test("yours")
    mine.answer_with("for me")
    yours.answer_with("for you", when={"text": "hello"})
    yours.fail_with(404, "No such order.", when={"text": "order"})
    for view, text in ((mine, "for me"), (yours, "for you")):
        with openai.OpenAI(base_url=view.base_url, api_key="any", default_headers=view.headers) as client:
            assert Chat(client).say("Hello") == text
            assert [request.answer for request in view.requests] == [text]
    with (
        openai.OpenAI(base_url=mock.base_url, api_key="any", default_headers=yours.headers) as client,
        pytest.raises(openai.NotFoundError, match="No such order"),
    ):
        Chat(client).say("My order")
    mine.expect_request(times=1)
    assert len(mock.requests) == 3
    assert (mock.headers, yours.headers) == ({}, {"X-Mock-Test": "yours"})


@pytest.mark.parametrize("status", [403, 409, 422, 500, 599])
def test_any_status_is_a_refusal(chat: Chat, mock: MockLLM, status: int) -> None:
    mock.fail_with(status)
    with pytest.raises(openai.APIStatusError) as caught:
        chat.say("Hello")
    assert caught.value.status_code == status


def test_a_status_that_is_none_is_refused(mock: MockLLM) -> None:
    with pytest.raises(ValueError, match="from 400 to 599"):
        mock.fail_with(200)


def test_thoughts_are_scripted(chat: Chat, mock: MockLLM) -> None:
    mock.answer_with("18 degrees.", reasoning="Let me look out of the window.")
    messages: list[dict[str, str]] = [{"role": "user", "content": "The weather?"}]
    message = chat.client.chat.completions.create(model="gpt-4o", messages=messages).choices[0].message  # type: ignore[arg-type]
    assert (message.content, message.to_dict()["reasoning_content"]) == (
        "18 degrees.",
        "Let me look out of the window.",
    )


def test_answers_one_after_another(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with(["One.", {"two": 2}, "Three."], when={"text": "next"})
    assert [chat.say("next") for _ in range(4)] == ["One.", '{"two": 2}', "Three.", "Three."]


def test_the_answers_of_a_sequence_have_names_of_their_own(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with(["One.", "Two."])
    create = chat.client.completions.create
    first, second, third = (create(model="mock", prompt="Hi").id for _ in range(3))
    assert first != second == third


def test_what_was_asked_stands_in_an_answer(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with("You said: {{ text }}", template=True)
    assert chat.say("Hello") == "You said: Hello"


def test_embeddings_of_ones_own(mock: MockLLM, chat: Chat) -> None:
    def vectors(*texts: str) -> list[list[float]]:
        data = chat.client.embeddings.create(model="m", input=list(texts)).data
        return [each.embedding for each in data]

    mock.answer_with(embedding={"cat": [1, 0], "dog": [0.5, 0.25]})
    cat, dog, other = vectors("cat", "dog", "lake")
    assert (cat, dog, len(other)) == ([1.0, 0.0], [0.5, 0.25], 2)
    assert vectors("lake") == [other]
    mock.answer_with(embedding=[[1, 2, 3], [4, 5, 6]], when={"text": "seas"})
    assert vectors("seas", "a", "b") == [[1, 2, 3], [4, 5, 6], [4, 5, 6]]
    for wrong in ([], ["a"], [True], {}, [[1], []], [float("nan")]):
        with pytest.raises(ValueError, match=r"answer\.embedding: expected from 1 to"):
            mock.answer_with(embedding=wrong)


def test_a_tests_name_is_no_pattern(mock: MockLLM) -> None:
    views = {name: mock.for_test(name) for name in ("t", "t*", "t[a]", "ta", "t?", "t[Zürich, 7 km]", "t\n")}
    for name, view in views.items():
        view.answer_with(f"for {name}")
    for name, view in views.items():
        with openai.OpenAI(base_url=mock.base_url, api_key="any", default_headers=view.headers) as client:
            assert client.responses.create(model="mock", input="x").output_text == f"for {name}"


def test_what_a_request_refers_to_is_part_of_it(mock: MockLLM, chat: Chat) -> None:
    tools: Any = [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}]
    first = chat.client.responses.create(model="m", input="call f", tools=tools)
    called: Any = first.output[0]
    result: Any = {"type": "function_call_output", "call_id": called.call_id, "output": "RES42"}
    second = chat.client.responses.create(model="m", input=[result], previous_response_id=first.id)
    assert (
        mock.expect_request({"tool_result": "res42", "text": "call f", "turn": 1}, times=1)[0].text
        == "call f"
    )
    refers: Any = [
        {"type": "item_reference", "id": second.output[0].id},
        {"role": "user", "content": "third"},
    ]
    chat.client.responses.create(model="m", input=refers)
    conversation = chat.client.conversations.create(items=[{"role": "user", "content": "before"}]).id
    chat.client.responses.create(model="m", input="after", conversation=conversation)
    assert [request.text for request in mock.requests if request.path == "/v1/responses"] == [
        "call f", "call f", "third", "after",
    ]  # fmt: skip
    mock.expect_request({"text": "after", "turn": 2}, times=1)


def test_a_template_of_json_stays_json(mock: MockLLM, chat: Chat) -> None:
    mock.answer_with({"said": "{{ text }}", "deep": [{"n": 1}]}, template=True)
    said = 'He said "hi" \\ and left\n'
    assert json.loads(chat.say(said) or "") == {"said": said, "deep": [{"n": 1}]}
    mock.answer_with([{"first": "{{ text }}"}, "then {{ text }}"], template=True)
    assert [chat.say('"') for _ in range(2)] == ['{"first": "\\""}', 'then "']


@pytest.mark.parametrize("fault", ["overloaded", "rate_limit:5", "bad_key", "context_length", 418])
def test_a_refusal_says_what_it_is_told_to(mock: MockLLM, chat: Chat, fault: str | int) -> None:
    mock.fail_with(fault, "Back at noon.")
    with pytest.raises(openai.APIStatusError, match="Back at noon"):
        chat.say("Hi")


def test_what_says_nothing_takes_no_words(mock: MockLLM) -> None:
    with pytest.raises(ValueError, match="reset takes no text; those that do are"):
        mock.fail_with("reset", "Back at noon.")
