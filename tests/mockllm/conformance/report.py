"""The SDK's own verdict on the mock, as a table: `python -m tests.mockllm.conformance.report` writes it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import anthropic
import openai
from pydantic import BaseModel

from mockllm import MockLLMServer
from tests.mockllm.conformance.anthropic_cases import ANTHROPIC_CASES
from tests.mockllm.conformance.cases import CASES, Case
from tests.mockllm.conformance.strict import strict_errors

TABLE = Path(__file__).parents[3] / "docs" / "mockllm-conformance.md"
COMMAND = "python -m tests.mockllm.conformance.report"
DEVIATIONS = {
    "choices.*.finish_reason: literal_error": (
        "Legacy completions, streamed: `finish_reason` is `null` until the last chunk, as OpenAI sends it. "
        "The SDK's type for these chunks is that of the whole answer, which has no `null`."
    ),
    "choices.*.delta.reasoning_content: unknown field": (
        "`reasoning_content` in a delta, only with the knob `reasoning`: OpenAI's chat completions keep "
        "thoughts to themselves, but DeepSeek, vLLM and others send them so, and clients read them."
    ),
    "choices.*.message.reasoning_content: unknown field": "`reasoning_content` in a message: the same.",
    **{
        f"{place}{name}: unknown field": f"`{name}` in a response: OpenAI sends it, and Open Responses asks for it."
        for name in ("store", "presence_penalty", "frequency_penalty")
        for place in ("", "response.")
    },
}
DIFFERENT_FROM_OPENAI = """\
- Responses have no `obfuscation` unless `stream_options.include_obfuscation` is `true`: OpenAI sends it by
  default, but the SDK's event types have no such field.
- Of what is kept the last 20,000 documents stay, and of these the last 256 MiB (a response is one, and so is each of its items). A `prompt` of
  any name is accepted: its name and its variables are what is said.
- Of tools only functions are called, and `custom` ones and `web_search` where a rule or a knob says so; any other is
  taken, echoed and never called. The outdated `functions` and `function_call` are a 400.
- Files and sounds are not read: a file counts 1,000 tokens for each page that its size suggests, a sound 10 a
  second. Moderations flag the categories that are named in a text.
- An image is not fetched: it counts 85 tokens in low detail, else 765, and its address seeds the answer.
- A `json_schema` answer is as long as its JSON is, whatever the knob `tokens` says.
- Token counts are those of the mock's own tokenizer, about four characters of English a token.
- Embeddings are closer the more words two texts share; they know nothing of meaning.
"""
HEAD = """\
# Conformance of mockllm to the SDKs of OpenAI and Anthropic

Checked with openai {version} and anthropic {anthropic}, by the sync and the async clients, over HTTP: {requests} requests, {objects} objects,
**{errors} strict-type errors**. Every object is held against the SDK's own type: no field may be missing, be
unknown or have another type.

This file is written by `{command}`; a test fails when it is out of date.

| SDK | method | request | objects | types | strict-type errors |
| --- | --- | --- | ---: | ---: | --- |
"""


@dataclass(frozen=True)
class Verdict:
    """What one case gave: how many objects of which types, and what is wrong with them."""

    case: Case
    types: Counter[str]
    errors: tuple[str, ...]

    @property
    def unexpected(self) -> tuple[str, ...]:
        return tuple(error for error in self.errors if error not in DEVIATIONS)


def ask(client: openai.OpenAI | anthropic.Anthropic, case: Case) -> list[Any]:
    answer = reduce(getattr, case.method.split("."), client)(**case.arguments)
    return list(answer) if _is_many(case) else [answer]


async def ask_async(client: openai.AsyncOpenAI | anthropic.AsyncAnthropic, case: Case) -> list[Any]:
    pending = reduce(getattr, case.method.split("."), client)(**case.arguments)
    if case.method == "models.list":
        return [model async for model in pending]
    answer = await pending
    return [event async for event in answer] if _is_many(case) else [answer]


def judge_errors(received: BaseModel) -> list[str]:
    """List the strict-type errors of one object that are no known deviation."""
    return [error for error in strict_errors(received) if error not in DEVIATIONS]


def judge(case: Case, received: Sequence[BaseModel]) -> Verdict:
    errors = {error for each in received for error in strict_errors(each)}
    return Verdict(case, Counter(type(each).__name__ for each in received), tuple(sorted(errors)))


def table(verdicts: Sequence[Verdict]) -> str:
    """Write the whole document."""
    head = HEAD.format(
        version=openai.__version__,
        anthropic=anthropic.__version__,
        requests=len(verdicts),
        objects=sum(verdict.types.total() for verdict in verdicts),
        errors=sum(len(verdict.unexpected) for verdict in verdicts),
        command=COMMAND,
    )
    rows = "".join(f"{_row(verdict)}\n" for verdict in verdicts)
    known = "".join(f"{number}. {why}\n" for number, why in enumerate(DEVIATIONS.values(), 1))
    return (
        f"{head}{rows}\n## Deviations from the SDK's types\n\n{known}"
        f"\n## Deviations from OpenAI\n\n{DIFFERENT_FROM_OPENAI}"
    )


def verdicts_of(url: str) -> list[Verdict]:
    with (
        openai.OpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as openais,
        anthropic.Anthropic(base_url=url, api_key="any", max_retries=0) as anthropics,
    ):
        verdicts = [judge(case, ask(openais, case)) for case in CASES]
        return verdicts + [judge(case, ask(anthropics, case)) for case in ANTHROPIC_CASES]


async def verdicts_of_async(url: str) -> list[Verdict]:
    async with (
        openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as openais,
        anthropic.AsyncAnthropic(base_url=url, api_key="any", max_retries=0) as anthropics,
    ):
        verdicts = [judge(case, await ask_async(openais, case)) for case in CASES]
        return verdicts + [judge(case, await ask_async(anthropics, case)) for case in ANTHROPIC_CASES]


def _is_many(case: Case) -> bool:
    return bool(case.arguments.get("stream")) or case.method == "models.list"


def _row(verdict: Verdict) -> str:
    case = verdict.case
    about = f"{case.about}, streamed" if case.arguments.get("stream") else case.about
    known = [str(number) for number, error in enumerate(DEVIATIONS, 1) if error in verdict.errors]
    errors = ", ".join(verdict.unexpected) or "0"
    noted = f" (deviation {', '.join(known)})" if known else ""
    types = len(verdict.types)
    return (
        f"| {case.vendor} | `{case.method}` | {about} | {verdict.types.total()} | {types} | {errors}{noted} |"
    )


def main() -> None:
    with MockLLMServer(profile="instant") as server:
        verdicts = verdicts_of(server.url)
        assert verdicts == asyncio.run(verdicts_of_async(server.url))
    TABLE.write_text(table(verdicts), "utf-8")


if __name__ == "__main__":
    main()
