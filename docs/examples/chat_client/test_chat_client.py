import pytest
from chat_client import StreamCutError, chat, stream


def test_an_answer_of_my_own(mockllm):
    mockllm.answer_with("We refund within 14 days.", when={"text": "refund"})
    assert chat(mockllm.base_url, "How do I get a refund?") == "We refund within 14 days."
    mockllm.expect_request({"text": "refund", "model": "gpt-4o-mini"}, times=1)


def test_the_same_question_gets_the_same_answer(mockllm):
    assert chat(mockllm.base_url, "Tell me about rivers") == chat(mockllm.base_url, "Tell me about rivers")


def test_it_waits_and_asks_again(mockllm):
    mockllm.fail_with("rate_limit:20", times=2)
    assert chat(mockllm.base_url, "Hi")
    assert [request.status for request in mockllm.requests] == [429, 429, 200]


def test_a_429_and_then_a_cut_stream(mockllm):
    mockllm.answer_with("One two three four five.")
    mockllm.fail_with("rate_limit:20", times=1)
    mockllm.fail_with("reset@3", times=1)
    with pytest.raises(StreamCutError) as caught:
        chat(mockllm.base_url, "Count")
    assert caught.value.text == "One two three"


def test_the_text_arrives_piece_by_piece(mockllm):
    mockllm.answer_with("One two three.", itl=5)
    assert list(stream(mockllm.base_url, "Count")) == ["", "One", " two", " three", ".", ""]
