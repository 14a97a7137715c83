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
