import json

from mockllm.api.chat.chunks import ChatChunks
from mockllm.api.chat.whole import whole_body
from mockllm.api.timed_reply import streamed
from mockllm.api.wire import DONE, Stamp, error_body
from mockllm.rules.knobs import Knobs
from mockllm.timing.pacing import Pace
from mockllm.values.completion import Choice, Completion, FinishReason, Part
from mockllm.values.errors import ApiError
from mockllm.values.reply import Send


def text(*tokens: str, reason: FinishReason = "stop") -> Choice:
    return Choice((Part("content", tokens),), reason)


STAMP = Stamp(bytes(range(32)), "mock", "default")
COMPLETION = Completion((text("Hi", " 👨\u2028"),), prompt_tokens=7)
TWO = Completion((text("A", "B"), text("C", reason="length")), prompt_tokens=7)
HEAD = (
    '{"id":"chatcmpl-000102030405060708090a0b0c0d0","object":"chat.completion.chunk","created":1760066051,'
    '"model":"mock","service_tier":"default","system_fingerprint":"fp_1b1c1d1e1f","choices":['
)


def sends_of(completion: Completion, *, usage: bool = False, obfuscation: bool = False) -> list[Send]:
    chunks = ChatChunks(STAMP, include_usage=usage, include_obfuscation=obfuscation)
    steps = [chunks.steps(index, choice) for index, choice in enumerate(completion.choices)]
    tail = [chunks.usage(completion), DONE] if usage else [DONE]
    return list(streamed(completion, Knobs(Pace(1, 0.5), 0), steps, tail=tail).sends)


def events(completion: Completion, *, usage: bool = False, obfuscation: bool = False) -> list[str]:
    sends = sends_of(completion, usage=usage, obfuscation=obfuscation)
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
    sends = sends_of(COMPLETION, usage=True, obfuscation=True)
    assert [(send.due, send.token) for send in sends] == [
        (1, None), (1, 0), (1.5, 1), (1.5, None), (1.5, None), (1.5, None),
    ]  # fmt: skip
    assert sends[-1].data == DONE


def test_an_empty_answer_still_has_role_and_finish() -> None:
    empty = Completion((text(),), prompt_tokens=7)
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events(empty)[:-1]]
    assert deltas == [{"role": "assistant", "content": "", "refusal": None}, {}]


def test_a_call_that_comes_alone_begins_with_the_role() -> None:
    one = Completion((Choice((Part("call", ('{"', "a"), "f"),), "tool_calls"),), prompt_tokens=7)
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events(one)[:-1]]
    key = deltas[0]["tool_calls"][0]["id"]
    began = {"index": 0, "id": key, "type": "function", "function": {"name": "f", "arguments": ""}}
    assert key.startswith("call_")
    assert deltas == [
        {"role": "assistant", "content": None, "tool_calls": [began], "refusal": None},
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"'}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": "a"}}]},
        {},
    ]


def test_parallel_calls_begin_one_after_the_other() -> None:
    two = Completion((Choice((Part("call", ("1",), "f"), Part("call", ("2",), "g")), "tool_calls"),), 7)
    role, *deltas = [json.loads(event)["choices"][0]["delta"] for event in events(two)[:-2]]
    calls = [delta["tool_calls"][0] for delta in deltas]
    assert role == {"role": "assistant", "content": None, "refusal": None}
    assert [(call["index"], call["function"]) for call in calls] == [
        (0, {"name": "f", "arguments": ""}), (0, {"arguments": "1"}),
        (1, {"name": "g", "arguments": ""}), (1, {"arguments": "2"}),
    ]  # fmt: skip
    assert calls[0]["id"] != calls[2]["id"]


def test_reasoning_comes_before_content() -> None:
    thought = Completion((Choice((Part("reasoning", ("Hm",)), Part("content", ("Yes",))), "stop"),), 7)
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events(thought)[1:-2]]
    assert deltas == [{"reasoning_content": "Hm"}, {"content": "Yes"}]


def test_the_whole_answer() -> None:
    body = whole_body(COMPLETION, STAMP)
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
