import pytest

from loadtests.chat.client import ClientError
from loadtests.chat.expected import request_body, takes_usage, texts_from_app, texts_from_mock, undelayed
from loadtests.chat.questions import Message, Question
from loadtests.chat.timing import BadAnswerError
from loadtests.rig.scripted import Ending, ScriptedUpstream, Step, Talk, whole

SHORT = Question((Message("user", "Hé!"),), max_tokens=5)
LONG = Question((Message("user", "Hi"), Message("assistant", "Ho"), Message("user", "He")))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("mock", "mock-ttft0-itl0"),
        ("mock-founding", "mock-ttft0-itl0"),
        ("mock-ttft500-itl20-tokens400", "mock-tokens400-ttft0-itl0"),
        ("mock-tokens400-itl2.5-cv0.5-seed7", "mock-tokens400-seed7-ttft0-itl0"),
        ("mock-large-reset@20-tokens40", "mock-tokens40-ttft0-itl0"),
    ],
)
def test_the_same_model_without_its_delays(model: str, expected: str) -> None:
    assert undelayed(model) == expected


def test_max_tokens_is_left_out_where_the_question_has_none() -> None:
    assert request_body(SHORT, "mock", stream=True) == {
        "messages": SHORT.messages,
        "model": "mock",
        "stream": True,
        "max_tokens": 5,
    }
    assert "max_tokens" not in request_body(LONG, "mock", stream=True)


def echoing_mock(request: Talk) -> list[Step]:
    assert (request.path, request.body["stream"]) == ("/v1/chat/completions", False)
    return [whole({"choices": [{"message": {"role": "assistant", "content": echo(request)}}]})]


def echoing_app(request: Talk) -> list[Step]:
    assert (request.path, request.body["stream"], request.headers["accept"]) == (
        "/chat",
        False,
        "application/json",
    )
    return [whole({"id": "chat_1", "text": echo(request), "finish_reason": "stop"})]


def echo(request: Talk) -> str:
    said = "|".join(message["content"] for message in request.body["messages"])
    return f"{request.body['model']} {request.body.get('max_tokens')} {said}"


EXPECTED = {SHORT: "mock-ttft0-itl0 5 Hé!", LONG: "mock-ttft0-itl0 None Hi|Ho|He"}


def test_the_texts_come_from_the_mock_itself() -> None:
    with ScriptedUpstream(echoing_mock) as mock:
        assert texts_from_mock(mock.origin, [SHORT, LONG], "mock-itl5") == EXPECTED


def test_the_texts_come_through_the_app() -> None:
    with ScriptedUpstream(echoing_app) as app:
        assert texts_from_app(f"{app.origin}/chat", [SHORT, LONG], "mock-itl5") == EXPECTED


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (whole({"error": {"code": "unknown_model"}}, b"400 Bad Request"), "400 .*unknown_model"),
        (Ending.CLOSE, "RemoteDisconnected"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", None),
    ],
)
def test_no_text_is_one_line_that_says_why(step: Step, complaint: str | None) -> None:
    with (
        ScriptedUpstream(lambda _: [step, Ending.CLOSE]) as app,
        pytest.raises(ClientError, match=complaint) as failed,
    ):
        texts_from_app(f"{app.origin}/chat", [SHORT], "mock")
    assert "\n" not in str(failed.value)


def test_an_answer_without_a_text_is_a_bad_one() -> None:
    with (
        ScriptedUpstream(lambda _: [whole({"choices": []})]) as mock,
        pytest.raises(BadAnswerError, match="malformed"),
    ):
        texts_from_mock(mock.origin, [SHORT], "mock")


def test_a_key_goes_with_each_of_them() -> None:
    def guarded(request: Talk) -> list[Step]:
        assert request.headers["authorization"] == "Bearer secret"
        return echoing_app(request)

    with ScriptedUpstream(guarded) as app:
        headers = {"Authorization": "Bearer secret"}
        assert texts_from_app(f"{app.origin}/chat", [SHORT], "mock", headers=headers)


@pytest.mark.parametrize(
    ("answer", "takes"),
    [
        (whole({"error": {"message": "Unknown field: stream_options"}}, b"400 Bad Request"), False),
        (whole({"detail": [{"loc": ["body", "stream_options"]}]}, b"422 Unprocessable Entity"), False),
        (whole({"error": {"message": "Rate limit"}}, b"429 Too Many Requests"), True),
        (whole({}), True),
        (Ending.CLOSE, True),
    ],
)
def test_who_refuses_to_be_asked_for_the_usage_is_found_out(answer: Step, takes: bool) -> None:
    asked: list[Talk] = []

    def script(request: Talk) -> list[Step]:
        asked.append(request)
        return [answer, Ending.CLOSE]

    with ScriptedUpstream(script) as server:
        assert takes_usage(f"{server.origin}/v1/chat/completions?v=2", "some-model") is takes
    assert asked[0].path == "/v1/chat/completions?v=2"
    assert asked[0].body["stream_options"] == {"include_usage": True}
