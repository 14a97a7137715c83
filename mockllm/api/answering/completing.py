"""Conversation and knobs to the tokens of an answer. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from mockllm.api.answering.json_answer import json_text
from mockllm.api.answering.tool_calls import Call, calls_of
from mockllm.rules import MAX_TOKENS, Knobs
from mockllm.text import count_tokens, read_brief, tokenize, write
from mockllm.timing import cached_tokens
from mockllm.values import (
    ApiError,
    Ask,
    Choice,
    Completion,
    Draws,
    FinishReason,
    Part,
    Turn,
    digest,
    latest_words,
)

_TOKENS_AROUND_MESSAGE = 3
_TOKENS_AROUND_PROMPT = 3
_RESULT_TAKEN_UP = 240
_MOST_READ = 4_000_000


def complete(ask: Ask, knobs: Knobs) -> Completion:
    """Answer a conversation; if the assistant spoke last, go on from there.

    Raises ApiError for more tokens than one request may cost, and for a schema that nothing satisfies.
    """
    prompt_tokens = _prompt_tokens(ask)
    _check_cost(ask, knobs, prompt_tokens)
    images, sounds = _attached_tokens(ask, "image"), _attached_tokens(ask, "audio")
    return Completion(
        tuple(_choice(ask, knobs, index) for index in range(ask.choices)),
        prompt_tokens + _attached_tokens(ask, "image", "audio", "file"),
        images,
        sounds,
        cached_tokens(prompt_tokens - _TOKENS_AROUND_MESSAGE - count_tokens(ask.turns[-1].text)),
        knobs.search,
    )


def count_prompt(ask: Ask) -> int:
    """Count what an answer to this would be billed for its prompt."""
    return _prompt_tokens(ask) + _attached_tokens(ask, "image", "audio", "file")


def _attached_tokens(ask: Ask, *kinds: str) -> int:
    attached = (each for turn in ask.turns for each in turn.attachments)
    return sum(each.tokens for each in attached if each.kind in kinds)


def _check_cost(ask: Ask, knobs: Knobs, prompt_tokens: int) -> None:
    """Refuse what would keep the other streams of the worker waiting."""
    words = knobs.refusal if knobs.refusal is not None else knobs.text
    tokens = max(knobs.tokens or 1, ask.least) if words is None else count_tokens(words)
    wanted = ask.choices * (tokens + knobs.reasoning)
    if wanted > 2 * MAX_TOKENS:
        message = f"the answer: at most {2 * MAX_TOKENS} tokens over all choices, got {wanted}"
        # One answer is too long by a knob or a rule alone.
        param = "n" if ask.choices > 1 else "mock"
        raise ApiError(400, message, param=param, code="invalid_value")
    if ask.choices > 1 and ask.choices * prompt_tokens > _MOST_READ:
        message = f"n: the prompt, read for each choice, is at most {_MOST_READ} tokens"
        raise ApiError(400, message, param="n", code="invalid_value")


def _prompt_tokens(ask: Ask) -> int:
    turns = sum(_TOKENS_AROUND_MESSAGE + count_tokens(turn.text) for turn in ask.turns)
    calls = sum(count_tokens(call.name + call.arguments) for turn in ask.turns for call in turn.calls)
    schemas = [ask.schema, *((tool.name, tool.description, tool.schema) for tool in ask.toolbox.tools)]
    described = sum(count_tokens(msgspec.json.encode(schema).decode()) for schema in schemas if schema)
    return _TOKENS_AROUND_PROMPT + turns + calls + described


def _choice(ask: Ask, knobs: Knobs, index: int) -> Choice:
    answer, stop = _answer(ask, knobs, index)
    reason: FinishReason = "tool_calls" if answer[-1].kind == "call" else "stop"
    parts = (*_reasoning(ask, knobs, index), *answer)
    count = sum(len(part.tokens) for part in parts)
    limit, ending = _limit(ask, knobs)
    if limit is not None and limit < count:
        return Choice(tuple(_cut(parts, limit)), ending)
    return Choice(parts, reason, stop)


def _limit(ask: Ask, knobs: Knobs) -> tuple[int | None, FinishReason]:
    """Say where an answer ends at the latest, and why."""
    filtered = knobs.fault.token if knobs.fault and knobs.fault.name == "content_filter" else None
    if filtered is not None and (ask.limit is None or filtered < ask.limit):
        return filtered, "content_filter"
    return ask.limit, "length"


def _answer(ask: Ask, knobs: Knobs, index: int) -> tuple[tuple[Part, ...], str | None]:
    """Decide what kind of answer it is: a refusal, calls of tools, or text; and the word that stops it."""
    if knobs.refusal is not None:
        return (Part("refusal", tuple(tokenize(knobs.refusal))),), None
    calls: Sequence[Call] = calls_of(ask, knobs, _draws(ask.turns, knobs, index, "calls"))
    called = tuple(Part("call", tuple(tokenize(call.arguments)), call.name) for call in calls)
    if called and knobs.text is None:
        return called, None
    text = _continued_text(ask, knobs, index)
    found = [(end, word) for end, word in ((text.find(word), word) for word in ask.stop if word) if end >= 0]
    end, stop = min(found, default=(len(text), None), key=lambda pair: pair[0])
    return (Part("content", tuple(tokenize(text[:end]))), *called), stop


def _reasoning(ask: Ask, knobs: Knobs, index: int) -> tuple[Part, ...]:
    if not knobs.reasoning:
        return ()
    if knobs.thought is not None:
        return (Part("reasoning", tuple(tokenize(knobs.thought))),)
    draws = _draws(ask.turns, knobs, index, "reasoning")
    text = write(read_brief(latest_words(ask.turns)), draws, knobs.reasoning, essay_allowed=False)
    return (Part("reasoning", tuple(tokenize(text))),)


def _cut(parts: Iterable[Part], limit: int) -> Iterable[Part]:
    """Yield what fits; the part at the limit is cut even if nothing is left of it but its beginning."""
    for part in parts:
        yield Part(part.kind, part.tokens[:limit], part.name)
        limit -= len(part.tokens)
        if limit <= 0:
            return


def _continued_text(ask: Ask, knobs: Knobs, index: int) -> str:
    if ask.turns[-1].role != "assistant" or len(ask.turns) == 1:
        return _text(ask, ask.turns, knobs, index)
    begun = ask.turns[-1].text
    for candidate in dict.fromkeys((index, 0)):
        text = _text(ask, ask.turns[:-1], knobs, candidate)
        if text.startswith(begun):
            return text[len(begun) :]
    # Somebody else's beginning: there is no rest to give, so a text of its own follows.
    return _text(ask, ask.turns, knobs, index)


def _text(ask: Ask, turns: Sequence[Turn], knobs: Knobs, index: int) -> str:
    if knobs.text is not None:
        return knobs.text
    draws = _draws(turns, knobs, index)
    brief = read_brief(latest_words(ask.turns))
    if ask.form != "text":
        return json_text(ask, brief, draws)
    opening = _opening(turns)
    left = None if knobs.tokens is None else knobs.tokens - len(tokenize(opening))
    if left is not None and left < 1:
        opening, left = "", knobs.tokens
    text = opening + write(brief, draws, left, essay_allowed=index == 0 and not opening)
    if len(tokenize(text)) < ask.least:
        return _text(ask, turns, replace(knobs, tokens=ask.least), index)
    return text


def _opening(turns: Sequence[Turn]) -> str:
    """Take up the results that tools have just given."""
    results: list[str] = []
    for turn in reversed(turns):
        if turn.role not in ("tool", "function"):
            break
        told = turn.text.strip()
        shown = told if len(told) <= _RESULT_TAKEN_UP else told[:_RESULT_TAKEN_UP] + "…"
        results.insert(0, f"{turn.answers or 'The tool'} says: {shown or 'nothing'}")
    return "".join(f"{result}\n\n" for result in results)


def _draws(turns: Sequence[Turn], knobs: Knobs, index: int, *purpose: str) -> Draws:
    said = [part for turn in turns for part in (turn.role, turn.text, *_extras(turn))]
    return Draws(digest(knobs.seed, index, *said, *purpose))


def _extras(turn: Turn) -> Iterable[str]:
    yield from (each.source for each in turn.attachments)
    for call in turn.calls:
        yield from (call.name, call.arguments)
