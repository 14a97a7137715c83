import json

from mockllm.completion import Choice, Completion
from mockllm.errors import ApiError
from mockllm.pacing import Pace
from mockllm.wire import DONE, ChatChunks, Stamp, chat_body, chat_sends, error_body

STAMP = Stamp(bytes(range(32)), "mock", "default")
COMPLETION = Completion((Choice(("Hi", " 👨\u2028"), "stop"),), prompt_tokens=7)
TWO = Completion((Choice(("A", "B"), "stop"), Choice(("C",), "length")), prompt_tokens=7)
HEAD = (
    '{"id":"chatcmpl-000102030405060708090a0b0c0d0","object":"chat.completion.chunk","created":1760066051,'
    '"model":"mock","service_tier":"default","system_fingerprint":"fp_1b1c1d1e1f","choices":['
)


def events(completion: Completion, *, usage: bool = False, obfuscation: bool = False) -> list[str]:
    chunks = ChatChunks(STAMP, usage, obfuscation, len(completion.choices))
    sends = chat_sends(completion, chunks, Pace(1, 0.5), usage)
    return [send.data.decode().removeprefix("data: ").removesuffix("\n\n") for send in sends]


def test_the_events_of_a_stream() -> None:
    choice = '{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}'
    assert events(COMPLETION) == [
        HEAD + choice % ('{"role":"assistant","content":"","refusal":null}', "null") + "]}",
        HEAD + choice % ('{"content":"Hi"}', "null") + "]}",
        HEAD + choice % ('{"content":" 👨\u2028"}', "null") + "]}",
        HEAD + choice % ("{}", '"stop"') + "]}",
        "[DONE]",
    ]


def test_usage_comes_in_a_chunk_of_its_own() -> None:
    *chunks, last, done = events(COMPLETION, usage=True)
    assert all(chunk.endswith('],"usage":null}') for chunk in chunks)
    assert last.startswith(HEAD + '],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9,')
    assert done == "[DONE]"


def test_obfuscation_hides_the_length_of_the_token() -> None:
    for event in events(COMPLETION, obfuscation=True)[1:-2]:
        chunk = json.loads(event)
        assert len(chunk["choices"][0]["delta"]["content"] + chunk["obfuscation"]) == 8


def test_choices_are_decoded_side_by_side() -> None:
    told = [json.loads(event)["choices"][0] for event in events(TWO)[:-1]]
    assert [(choice["index"], choice["delta"].get("content"), choice["finish_reason"]) for choice in told] == [
        (0, "", None), (0, "A", None), (1, "", None), (1, "C", None), (1, None, "length"), (0, "B", None), (0, None, "stop"),
    ]  # fmt: skip


def test_the_role_leaves_with_the_first_token_and_the_end_with_the_last() -> None:
    sends = list(chat_sends(COMPLETION, ChatChunks(STAMP, True, True), Pace(1, 0.5), True))
    assert [(send.due, send.token) for send in sends] == [
        (1, None), (1, 0), (1.5, 1), (1.5, None), (1.5, None), (1.5, None),
    ]  # fmt: skip
    assert sends[-1].data == DONE


def test_an_empty_answer_still_has_role_and_finish() -> None:
    empty = Completion((Choice((), "stop"),), prompt_tokens=7)
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events(empty)[:-1]]
    assert deltas == [{"role": "assistant", "content": "", "refusal": None}, {}]


def test_the_whole_answer() -> None:
    body = json.loads(chat_body(COMPLETION, STAMP))
    assert body["object"] == "chat.completion"
    assert body["choices"] == [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Hi 👨\u2028", "refusal": None, "annotations": []},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ]


def test_an_error_has_all_four_fields() -> None:
    assert json.loads(error_body(ApiError(400, "No.", param="n"))) == {
        "error": {"message": "No.", "type": "invalid_request_error", "param": "n", "code": None}
    }
