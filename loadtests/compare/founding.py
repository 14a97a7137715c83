"""The founding measurement: one question, in two modes, through the app and straight from the mock."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from loadtests.chat import (
    Answer,
    Client,
    Collect,
    Message,
    Question,
    chat_stream,
    chat_whole,
    collected,
    completion_stream,
    completion_whole,
    payloads,
    request_body,
)
from loadtests.measuring import cpu_seconds

QUESTION = Question((Message("user", "Write an 800-word essay on quantum mechanics"),))
# What a server still has to do once the client has the last byte belongs to the same answer.
SETTLE_SECONDS = 0.05


@dataclass(frozen=True)
class Arm:
    """One way to ask the question."""

    target: str
    mode: str
    path: str
    accept: str
    collect: Collect


ARMS = (
    Arm("mock", "blocking", "/v1/chat/completions", "application/json", completion_whole),
    Arm("app", "blocking", "/chat", "application/json", chat_whole),
    Arm("mock", "streaming", "/v1/chat/completions", "text/event-stream", completion_stream),
    Arm("app", "streaming", "/chat", "text/event-stream", chat_stream),
)


@dataclass(frozen=True)
class Sample:
    """What one answer showed; the CPU seconds are those of each process tree and of the reader."""

    target: str
    mode: str
    first_text_seconds: float
    total_seconds: float
    texts: int
    bytes: int | None
    segments: int | None
    cpu_seconds: Mapping[str, float]


def expected_text(arm: Arm, client: Client, model: str) -> str:
    """The text of the arm's answer to a model that does not wait; asking for it warms the way up."""
    return "".join(_asked(arm, client, model).texts)


def sample(arm: Arm, client: Client, model: str, text: str, process_ids: Mapping[str, int]) -> Sample:
    """Ask once and measure; raises BadAnswerError or ClientError unless the answer is right."""
    counts_before, cpu_before = client.received(), _cpu_seconds(process_ids)
    answer = _asked(arm, client, model)
    timing = answer.timing(text)
    own_cpu = time.thread_time()
    time.sleep(SETTLE_SECONDS)
    counts, cpu = client.received(), _cpu_seconds(process_ids)
    return Sample(
        target=arm.target,
        mode=arm.mode,
        first_text_seconds=timing.ttft,
        total_seconds=timing.total,
        texts=len(answer.texts),
        bytes=counts[0] - counts_before[0] if counts and counts_before else None,
        segments=counts[1] - counts_before[1] if counts and counts_before else None,
        cpu_seconds={name: cpu[name] - cpu_before[name] for name in process_ids}
        | {"reader": own_cpu - cpu_before["reader"]},
    )


def slow_reader(client: Client, model: str, text: str, pause_seconds: float) -> tuple[float, float]:
    """The reader's total and the app's own, in seconds, where the reader pauses after each event."""
    [arm] = (arm for arm in ARMS if (arm.target, arm.mode) == ("app", "streaming"))
    answer = _asked(arm, client, model, pause_seconds)
    match answer.end:
        case {"timing": {"total_ms": float(total_ms)}}:
            return answer.timing(text).total, total_ms / 1000
    raise ValueError(f"the app's terminal object has no total: {answer.end}")


def _asked(arm: Arm, client: Client, model: str, pause_seconds: float = 0.0) -> Answer:
    body = request_body(QUESTION, model, stream=arm.mode == "streaming")
    sent = time.perf_counter()
    blocks = client.post(arm.path, body, arm.accept)
    if pause_seconds:
        blocks = _pausing(blocks, pause_seconds)
    return collected(blocks, arm.collect, time.perf_counter, sent)


def _pausing(blocks: Iterable[bytes], seconds: float) -> Iterator[bytes]:
    for payload in payloads(blocks):
        yield b"data:" + payload + b"\n\n"
        time.sleep(seconds)


def _cpu_seconds(process_ids: Mapping[str, int]) -> dict[str, float]:
    """User and system time of each process with its children, and of this thread, to the nanosecond."""
    return {name: cpu_seconds(pid) for name, pid in process_ids.items()} | {"reader": time.thread_time()}
