"""Responses that later requests refer to, by OpenAI's own client, over two workers."""

import time
from typing import Any

import openai
import pytest
from openai.types.responses import Response, ResponseReasoningItem

from tests.mockllm.conformance.cases import FLAT_TOOLS
from tests.mockllm.conformance.report import judge_errors


def ask(client: openai.OpenAI, text: Any = "Tell me about rivers", **fields: Any) -> Response:
    response: Response = client.responses.create(**{"model": "mock-tokens12", "input": text, **fields})
    assert judge_errors(response) == []
    return response


def test_a_response_is_shown_as_it_was_sent(client: openai.OpenAI) -> None:
    sent = ask(client, reasoning={"summary": "auto"}, extra_body={"mock": {"reasoning": 5}})
    shown = client.responses.retrieve(sent.id)
    assert shown.to_dict() == sent.to_dict()
    assert judge_errors(shown) == []


def test_going_on_is_as_if_all_had_been_sent(client: openai.OpenAI) -> None:
    first = ask(client)
    second = ask(client, "And lakes?", previous_response_id=first.id)
    third = ask(client, "And seas?", previous_response_id=second.id)
    said: list[Any] = [{"role": "user", "content": "Tell me about rivers"}]
    for answer, question in ((first, "And lakes?"), (second, "And seas?")):
        said += [{"role": "assistant", "content": answer.output_text}, {"role": "user", "content": question}]
    whole = ask(client, said)
    assert (third.output_text, third.usage) == (whole.output_text, whole.usage)
    assert third.previous_response_id == second.id


def test_the_same_conversation_gets_the_same_names(client: openai.OpenAI) -> None:
    one, two = (ask(client, "And lakes?", previous_response_id=ask(client).id) for _ in range(2))
    assert one.to_dict() == two.to_dict()


def test_a_call_is_answered_by_its_name_alone(client: openai.OpenAI) -> None:
    called = ask(client, "What is the weather in Paris?", tools=FLAT_TOOLS)
    call: Any = called.output[0]
    result = [{"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"}]
    told = ask(client, result, previous_response_id=called.id, tools=FLAT_TOOLS, model="mock")
    assert told.output_text.startswith("get_weather says: 18 degrees")
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        ask(client, "Never mind", previous_response_id=called.id)


def test_an_item_is_named_instead_of_sent(client: openai.OpenAI) -> None:
    first = ask(client)
    question: Any = {"role": "user", "content": "Tell me about rivers"}
    item: Any = {"type": "item_reference", "id": first.output[0].id}
    more: Any = {"role": "user", "content": "More"}
    named = ask(client, [question, item, more])
    assert named.output_text == ask(client, "More", previous_response_id=first.id).output_text
    with pytest.raises(openai.NotFoundError, match="'msg_nothing' not found"):
        ask(client, [{"type": "item_reference", "id": "msg_nothing"}])


def test_its_input_is_listed_the_latest_first(client: openai.OpenAI) -> None:
    said: Any = [{"role": role, "content": role} for role in ("system", "user", "assistant", "user")]
    response = ask(client, said)
    listed = client.responses.input_items.list(response.id, limit=3).data
    assert [each.to_dict()["role"] for each in listed] == ["user", "assistant", "user"]
    assert [error for each in listed for error in judge_errors(each)] == []
    every = list(client.responses.input_items.list(response.id, limit=3, order="asc"))
    assert [each.to_dict()["role"] for each in every] == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize("fields", [{"store": False}, {}])
def test_what_is_not_kept_is_not_found(client: openai.OpenAI, fields: dict[str, Any]) -> None:
    response = ask(client, f"Keep me not, {fields}", **fields)
    if not fields:
        client.responses.delete(response.id)
    with pytest.raises(openai.NotFoundError, match=response.id):
        client.responses.retrieve(response.id)
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, previous_response_id=response.id)
    assert (caught.value.code, caught.value.param) == ("previous_response_not_found", "previous_response_id")


def test_thoughts_are_sealed_for_those_who_ask(client: openai.OpenAI) -> None:
    asked: Any = {"store": False, "include": ["reasoning.encrypted_content"], "model": "mock-reasoning5"}
    thought, answer = ask(client, **asked).output
    assert isinstance(thought, ResponseReasoningItem)
    assert thought.encrypted_content
    sent_back: Any = [thought.to_dict(), answer.to_dict(), {"role": "user", "content": "More"}]
    assert ask(client, sent_back, **asked).output_text


def test_a_stream_is_taken_up_behind_an_event(client: openai.OpenAI) -> None:
    events = list(client.responses.create(model="mock-tokens12", input="Streams", stream=True))
    key = events[0].to_dict()["response"]["id"]
    rest = list(client.responses.retrieve(key, stream=True, starting_after=3))
    assert [event.to_dict() for event in rest] == [event.to_dict() for event in events[4:]]
    assert next(iter(client.responses.retrieve(key, stream=True))).type == "response.created"


def test_in_the_background_an_answer_is_waited_for(client: openai.OpenAI) -> None:
    begun = ask(client, model="mock-tokens12-ttft300-itl20", background=True)
    assert (begun.status, begun.output) == ("queued", [])
    seen = [begun]
    while seen[-1].status in ("queued", "in_progress"):
        time.sleep(0.02)
        seen.append(client.responses.retrieve(begun.id))
    told = list(dict.fromkeys(response.status for response in seen))
    assert (told[0], told[-1]) == ("queued", "completed")
    assert seen[-1].output_text == ask(client).output_text
    assert [error for response in seen for error in judge_errors(response)] == []


def test_a_stream_in_the_background_is_queued_first(client: openai.OpenAI) -> None:
    events = list(client.responses.create(model="mock-tokens3", input="x", stream=True, background=True))
    names = [event.type for event in events][:3]
    assert names == ["response.created", "response.queued", "response.in_progress"]
    assert [error for event in events for error in judge_errors(event)] == []


def test_what_runs_in_the_background_is_cancelled(client: openai.OpenAI) -> None:
    begun = ask(client, model="mock-ttft60000", background=True)
    assert client.responses.cancel(begun.id).status == "cancelled"
    assert client.responses.retrieve(begun.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError, match="synchronous"):
        client.responses.cancel(ask(client).id)


def test_what_was_cancelled_ends_where_it_was(client: openai.OpenAI) -> None:
    begun = ask(
        client, "Cancel me", background=True, model="mock-ttft60000", extra_body={"mock": {"text": "unsaid"}}
    )
    with pytest.raises(openai.BadRequestError, match="not completed yet") as caught:
        ask(client, "And?", previous_response_id=begun.id)
    assert caught.value.param == "previous_response_id"
    client.responses.cancel(begun.id)
    events = list(client.responses.retrieve(begun.id, stream=True))
    names = ["response.created", "response.queued", "response.in_progress", "response.incomplete"]
    assert [event.type for event in events] == names
    last: Any = events[-1].to_dict()
    assert (last["sequence_number"], last["response"]["status"], last["response"]["output"]) == (
        3,
        "cancelled",
        [],
    )
    assert list(client.responses.retrieve(begun.id, stream=True, starting_after=3)) == []
    assert [error for event in events for error in judge_errors(event)] == []
    on, alone = (
        ask(client, [*said, {"role": "user", "content": "And?"}], **fields).usage
        for said, fields in (
            ([], {"previous_response_id": begun.id}),
            ([{"role": "user", "content": "Cancel me"}], {}),
        )
    )
    assert on == alone


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"background": True, "store": False}, "store"),
        ({"conversation": 5}, "conversation"),
        ({"conversation": "conv_1", "previous_response_id": "resp_1"}, "Mutually exclusive"),
        ({"conversation": "conv_1"}, "'conv_1' not found"),
        ({"input": None}, "input"),
    ],
)
def test_what_makes_no_sense(client: openai.OpenAI, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(openai.APIStatusError, match=words):
        client.responses.create(**{"model": "mock", "input": "x", **fields})


def test_counted_is_what_a_response_is_billed_for(client: openai.OpenAI) -> None:
    first = ask(client)
    asked: Any = {"input": "And lakes?", "previous_response_id": first.id, "tools": FLAT_TOOLS}
    counted = client.responses.input_tokens.count(model="mock", **asked)
    assert judge_errors(counted) == []
    usage = ask(client, "And lakes?", previous_response_id=first.id, tools=FLAT_TOOLS).usage
    assert usage is not None
    assert counted.input_tokens == usage.input_tokens


def test_a_conversation_is_made_short(client: openai.OpenAI) -> None:
    first = ask(client)
    short = client.responses.compact(model="mock", input="And lakes?", previous_response_id=first.id)
    assert judge_errors(short) == []
    assert [item.type for item in short.output] == ["compaction"]
    sent_back: Any = [short.output[0].to_dict(), {"role": "user", "content": "And seas?"}]
    assert ask(client, sent_back).output_text


def test_what_one_test_keeps_another_does_not_see(client: openai.OpenAI) -> None:
    mine, yours = ({"X-Mock-Test": name} for name in ("mine", "yours"))
    kept = ask(client, extra_headers=mine)
    conversation = client.conversations.create(extra_headers=mine)
    assert client.responses.retrieve(kept.id, extra_headers=mine).id == kept.id
    for headers in (yours, {"X-Mock-Test": "nobody"}):
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(kept.id, extra_headers=headers)
        with pytest.raises(openai.BadRequestError, match="not found"):
            ask(client, previous_response_id=kept.id, extra_headers=headers)
        with pytest.raises(openai.NotFoundError):
            client.conversations.retrieve(conversation.id, extra_headers=headers)
    assert ask(client, extra_headers=yours).id == kept.id
    client.responses.delete(kept.id, extra_headers=yours)
    assert client.responses.retrieve(kept.id, extra_headers=mine).id == kept.id
