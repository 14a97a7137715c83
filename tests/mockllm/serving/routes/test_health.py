import json

from mockllm import Settings, create_app
from mockllm.journal import Counts, Store
from mockllm.journal.counts import MOST_MODELS, OTHER
from mockllm.serving.routes.health import exposition
from mockllm.timing.lateness import LatenessBoard


def test_the_page() -> None:
    board = LatenessBoard(2)
    for index, seconds in enumerate((0.0004, 0.0015, 0.2)):
        board.slot(index % 2).record(seconds, 100.0 + index)
    lines = exposition(board.since_start(), board.recently(105.0)).decode().splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    name = "mockllm_token_lateness_seconds"
    assert told[f'{name}_bucket{{le="0.0005"}}'] == "1.0"
    assert told[f'{name}_bucket{{le="0.002"}}'] == "2.0"
    assert told[f'{name}_bucket{{le="+Inf"}}'] == told[f"{name}_count"] == "3.0"
    assert float(told['mockllm_recent_token_lateness_seconds{quantile="1"}']) == 0.2


def counted(page: str) -> dict[str, float]:
    lines = [line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#")]
    return {name.removeprefix("mockllm_"): float(value) for name, value in lines if "path=" in name}


def test_requests_faults_and_tokens_are_counted() -> None:
    client = create_app(Settings(speed=0)).test_client()
    body = {"model": "mock-tokens7", "messages": [{"role": "user", "content": "Hi"}]}
    billed = json.loads(client.post("/v1/chat/completions", json=body).data)["usage"]
    client.post("/v1/chat/completions", json=body | {"mock": {"fault": "rate_limit"}})
    client.post("/v1/chat/completions", data=b"{")
    client.get("/v1/models/gpt-5")
    client.get("/v1/nothing")
    client.post("/mock/reset")
    chat = 'path="/v1/chat/completions"'
    assert counted(client.get("/metrics").get_data(as_text=True)) == {
        f'requests_total{{model="",{chat},status="400"}}': 1,
        f'requests_total{{model="mock-tokens7",{chat},status="200"}}': 1,
        f'requests_total{{model="mock-tokens7",{chat},status="429"}}': 1,
        'requests_total{model="",path="/v1/models/<name>",status="200"}': 1,
        'requests_total{model="",path="(other)",status="404"}': 1,
        f'faults_total{{fault="rate_limit",model="mock-tokens7",{chat}}}': 1,
        f'tokens_total{{kind="prompt",model="mock-tokens7",{chat}}}': billed["prompt_tokens"],
        f'tokens_total{{kind="completion",model="mock-tokens7",{chat}}}': 7,
    }


def test_models_without_end_are_counted_as_one() -> None:
    counts = Counts(Store())
    for number in range(MOST_MODELS + 5):
        counts.add("/v1/messages", f"m{number}", 200, "", (1, 1))
    counts.add("/v1/messages", "m0", 200, "", (1, 1))
    requests = {count.model: count.value for count in counts if count.name == "requests"}
    assert (len(requests), requests["m0"], requests[OTHER]) == (MOST_MODELS + 1, 2, 5)
