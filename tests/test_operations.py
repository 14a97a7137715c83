"""What an operator sees of the app: log lines and figures of real processes, two workers behind one port."""

import contextlib
import itertools
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from loadtests.rig.scripted import CHUNKED, EVENT, ScriptedUpstream, Talk, answer, chunk
from loadtests.stack import Stack
from tests.waiting import until

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]

PATIENCE_SECONDS = 10.0
QUICK = "mock-ttft0-itl0-tokens10"
SLOW = "mock-ttft0-itl50-tokens1000"
CANARY = "canary-4711-in-the-prompt"
TURNS = itertools.count()
"""Names of a test's requests differ from turn to turn: the log keeps them all."""
DOCUMENT = Path(__file__).parents[1] / "docs" / "operations.md"


@pytest.fixture(scope="module")
def workers() -> Iterator[Stack]:
    with Stack(env={"WEB_CONCURRENCY": "2"}) as stack:
        yield stack


def lines(stack: Stack, **fields: Any) -> list[dict[str, Any]]:
    """The app's lines that have these fields. Everything that is printed is a whole line of JSON."""
    written, _, _unfinished = stack.output("web").rpartition("\n")
    found = [json.loads(line) for line in written.splitlines()]
    return [line for line in found if fields.items() <= line.items()]


def line(stack: Stack, request_id: str) -> dict[str, Any]:
    (only,) = until(lambda: lines(stack, request_id=request_id))
    return only


def figures(stack: Stack, accept: str = "text/plain") -> Figures:
    response = httpx2.get(f"{stack.url}/metrics", headers={"Accept": accept})
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def figure(stack: Stack, name: str, **labels: str) -> float:
    return figures(stack).get((name, frozenset(labels.items())), 0.0)


def ask(stack: Stack, request_id: str, headers: dict[str, str] | None = None, **body: Any) -> httpx2.Response:
    return httpx2.post(
        f"{stack.url}/chat",
        json={"prompt": "Hello", "model": QUICK, **body},
        headers={"X-Request-ID": request_id, **(headers or {})},
        timeout=20,
    )


@pytest.mark.parametrize("accept", ["text/event-stream", "application/x-ndjson", "text/plain"])
def test_a_streamed_answer_is_one_line(workers: Stack, accept: str) -> None:
    request_id = f"{accept.partition('/')[2]}-{next(TURNS)}"
    assert ask(workers, request_id, {"Accept": accept}).status_code == 200
    seen = line(workers, request_id)
    times = [seen.pop(name) for name in ("upstream_first_token_ms", "first_token_ms", "total_ms")]
    assert times == sorted(times)
    assert seen.pop("process") in worker_processes(workers)
    assert 1 <= seen.pop("deltas") <= 10
    assert seen.pop("timestamp").endswith("Z")
    assert seen == {
        "event": "request",
        "level": "info",
        "logger": "webapp.observing.telemetry",
        "request_id": request_id,
        "method": "POST",
        "path": "/chat",
        "status": 200,
        "model": QUICK,
        "messages": 1,
        "streamed": True,
        "heartbeats": 0,
        "prompt_tokens": seen["prompt_tokens"],
        "completion_tokens": 10,
        "finish_reason": "stop",
        "ended_by": "model",
    }


def test_a_blocking_answer_is_one_line_without_a_first_token_for_its_caller(workers: Stack) -> None:
    ask(workers, "blocking", stream=False)
    seen = line(workers, "blocking")
    assert (seen["streamed"], seen["status"], seen["ended_by"]) == (False, 200, "model")
    assert "first_token_ms" not in seen
    assert seen["upstream_first_token_ms"] <= seen["total_ms"]


def test_a_refusal_is_one_line(workers: Stack) -> None:
    before = figure(workers, "chat_requests_total", ended_by="refused", error_type="role_not_allowed")
    ask(workers, "refused", prompt=None, messages=[{"role": "wizard", "content": "Hi"}])
    seen = line(workers, "refused")
    assert (seen["status"], seen["ended_by"], seen["error_code"]) == (400, "refused", "role_not_allowed")
    after = figure(workers, "chat_requests_total", ended_by="refused", error_type="role_not_allowed")
    assert after - before == 1


def test_health_checks_and_scrapes_leave_no_line(workers: Stack) -> None:
    for path in ("healthz", "readyz", "metrics"):
        httpx2.get(f"{workers.url}/{path}", headers={"X-Request-ID": "quiet"})
    ask(workers, "after-quiet")
    line(workers, "after-quiet")
    assert not lines(workers, request_id="quiet")


def test_nothing_that_a_caller_names_can_forge_a_line(workers: Stack) -> None:
    nasty = "\x1b[31m\n{}\r\u2028"
    path = "/no%1B%5B31m%0A%7B%7D%0D%E2%80%A8"
    assert httpx2.get(workers.url + path, headers={"X-Request-ID": "a\tb"}).status_code == 404
    seen = until(lambda: lines(workers, path="none"))[0]
    assert re.fullmatch(r"[0-9a-f]{32}", seen["request_id"])
    ask(workers, "nasty-model", model="mock-" + nasty)
    line(workers, "nasty-model")
    assert all(char == "\n" or " " <= char <= "~" for char in workers.output("web"))


def worker_processes(stack: Stack) -> set[int]:
    until(lambda: len(stack.workers()) == 2)
    return {worker.pid for worker in stack.workers()}


@contextlib.contextmanager
def stopped(process_id: int) -> Iterator[None]:
    """Whoever asks meanwhile has the other worker: left to the kernel, it may be the same one each time."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)


def test_the_figures_are_those_of_both_workers(workers: Stack) -> None:
    processes = worker_processes(workers)
    before = figures(workers)
    for process, index in itertools.product(processes, range(6)):
        name = f"sum-{next(TURNS)}"
        with stopped(process):
            ask(workers, name, stream=index % 3 > 0)
            assert line(workers, name)["process"] in processes - {process}
    after = figures(workers)
    model = ("gen_ai_request_model", "mock*")
    expected = {
        ("chat_requests_total", frozenset({("ended_by", "model"), ("error_type", "")})): 12,
        ("gen_ai_server_request_duration_seconds_count", frozenset({model, ("error_type", "")})): 12,
        ("gen_ai_server_time_to_first_token_seconds_count", frozenset({model})): 8,
        ("gen_ai_server_time_per_output_token_seconds_count", frozenset({model})): 12,
        ("gen_ai_client_token_usage_sum", frozenset({model, ("gen_ai_token_type", "output")})): 120,
    }
    assert {key: after[key] - before.get(key, 0) for key in expected} == expected
    for process in processes:
        with stopped(process):
            assert [figures(workers) for _ in range(3)] == [after] * 3


def test_prometheus_gets_the_format_that_it_asks_for(workers: Stack) -> None:
    response = httpx2.get(
        f"{workers.url}/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"}
    )
    assert response.headers["Content-Type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


@pytest.mark.timed
@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_leaves_has_ended_its_answer(workers: Stack, streamed: bool) -> None:
    labels = {"ended_by": "client", "error_type": "client_gone"}
    before = figure(workers, "chat_requests_total", **labels)
    leaver = f"leaver-{next(TURNS)}"
    leave_early(workers, leaver, streamed)
    seen = line(workers, leaver)
    assert (seen["ended_by"], seen["error_code"]) == ("client", "client_gone")
    # Nobody waited for the status of an answer that was to come whole.
    assert seen.get("status") == (200 if streamed else None)
    assert "finish_reason" not in seen
    assert figure(workers, "chat_requests_total", **labels) - before == 1


def leave_early(stack: Stack, request_id: str, streamed: bool) -> None:
    body = {"prompt": "Hello", "model": SLOW, "stream": streamed}
    request = httpx2.Request("POST", f"{stack.url}/chat", json=body, headers={"X-Request-ID": request_id})
    with httpx2.Client(timeout=20 if streamed else 0.3) as client:
        if not streamed:
            with pytest.raises(httpx2.ReadTimeout):
                client.send(request)
            return
        response = client.send(request, stream=True)
        assert any(b"delta" in data for data in response.iter_raw())
        response.close()


def test_open_answers_are_counted_over_both_workers(workers: Stack) -> None:
    until(lambda: figure(workers, "chat_open_answers") == 0)
    with httpx2.Client(timeout=20) as client:
        streams = [open_stream(client, workers) for _ in range(4)]
        until(lambda: figure(workers, "chat_open_answers") == 4)
        for stream in streams:
            stream.close()
    until(lambda: figure(workers, "chat_open_answers") == 0)


def test_what_a_killed_worker_had_counted_stays_and_what_it_had_open_does_not() -> None:
    counted = {"ended_by": "model", "error_type": ""}
    with Stack() as stack, httpx2.Client(timeout=20) as client:
        ask(stack, "before")
        process = line(stack, "before")["process"]
        folder = metrics_folder(process)
        open_stream(client, stack)
        until(lambda: figure(stack, "chat_open_answers") == 1)
        os.kill(process, signal.SIGKILL)
        until(lambda: figure(stack, "chat_open_answers") == 0)
        assert figure(stack, "chat_requests_total", **counted) == 1
        ask(stack, "after")
        until(lambda: figure(stack, "chat_requests_total", **counted) == 2)
    assert not folder.exists()


def open_stream(client: httpx2.Client, stack: Stack) -> httpx2.Response:
    request = client.build_request("POST", f"{stack.url}/chat", json={"prompt": "Hi", "model": SLOW})
    return client.send(request, stream=True)


def metrics_folder(process: int) -> Path:
    """Where a worker keeps its figures, as it has it mapped into its memory."""
    mapped = re.search(r"\S+first-token-metrics-\w+", Path(f"/proc/{process}/maps").read_text())
    assert mapped
    return Path(mapped[0])


def echo(talk: Talk) -> None:
    """Refuse with a quotation of the prompt, as vendors do, or break an answer off with one."""
    said = {"message": f"Not allowed: {CANARY}", "code": "invalid_value", "type": CANARY + " is here"}
    body = json.dumps({"error": said}).encode()
    if b"in the answer" in talk.request:
        talk.send(CHUNKED + chunk(EVENT) + chunk(b"data: " + body + b"\n\n"))
        talk.wait(PATIENCE_SECONDS)
    else:
        talk.send(answer(body, b"422 Unprocessable"))


@pytest.fixture(scope="module")
def on_an_echo() -> Iterator[Stack]:
    with ScriptedUpstream(echo) as upstream, Stack(env={"OPENAI_BASE_URL": upstream.url}) as stack:
        yield stack


@pytest.mark.parametrize("streamed", [True, False])
def test_prompts_and_answers_are_in_no_log(on_an_echo: Stack, streamed: bool) -> None:
    stack, kind = on_an_echo, f"streamed-{streamed}"
    ask(stack, f"echo-before-{kind}", prompt=CANARY, stream=streamed)
    ask(stack, f"echo-within-{kind}", prompt=f"{CANARY} in the answer", stream=streamed)
    refused = ask(stack, f"refused-{kind}", prompt=CANARY, temperature=CANARY, stream=streamed)
    before, within = line(stack, f"echo-before-{kind}"), line(stack, f"echo-within-{kind}")
    assert (refused.status_code, line(stack, f"refused-{kind}")["ended_by"]) == (400, "refused")
    assert (before["ended_by"], before["error_code"]) == ("upstream", "upstream_refused")
    assert before["upstream_error"] == "UnprocessableEntityError"
    assert (before["upstream_status"], before["upstream_code"]) == (422, "invalid_value")
    assert (within["ended_by"], within["error_code"]) == ("upstream", "upstream_failed")
    assert within["upstream_error"] == "UpstreamReportedError"
    assert "canary" not in stack.output("web")


def test_a_whole_answer_is_in_no_log(workers: Stack) -> None:
    told = ask(workers, "told", prompt=CANARY, model="mock-ttft0-itl0-tokens50", stream=False).json()["text"]
    httpx2.get(f"{workers.url}/chat?prompt={CANARY}", headers={"X-Request-ID": "asked-by-get"})
    assert (line(workers, "told")["status"], line(workers, "asked-by-get")["status"]) == (200, 405)
    output = workers.output("web")
    assert len(told) > 100
    assert not [told[at : at + 20] for at in range(len(told) - 20) if told[at : at + 20] in output]
    assert "canary" not in output


def test_the_document_names_what_there_is(workers: Stack) -> None:
    document = DOCUMENT.read_text()
    ask(workers, "documented")
    line(workers, "documented")
    fields = {name for seen in lines(workers) for name in seen}
    samples = {name for name, _ in figures(workers)}
    names = {re.sub(r"_(bucket|count|sum)$", "", name) for name in samples}
    assert {name for name in fields | names if f"`{name}`" not in document} == set()
    labels = {label for _, labels in figures(workers) for label, _ in labels}
    assert set(re.findall(r"\b(?:gen_ai|chat)_\w+", document)) - samples - names - labels == set()
