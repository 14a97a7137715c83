"""What a worker does once it is there; the server itself runs in most other tests."""

import gc
import signal
from types import SimpleNamespace

import pytest

from mockllm.serving import gunicorn_server


@pytest.mark.parametrize(("age", "announces"), [(1, True), (2, False), (7, False)])
def test_every_worker_watches_standard_input_and_the_first_says_where_it_listens(
    age: int, announces: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched: list[int] = []
    monkeypatch.setattr(gunicorn_server, "_watch_stdin", watched.append)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    for name in ("collect", "freeze", "set_threshold"):
        monkeypatch.setattr(gc, name, lambda *_: None)
    worker = SimpleNamespace(age=age, ppid=77, wsgi=SimpleNamespace(extensions={}))
    gunicorn_server._Announcement("http://127.0.0.1:1", stop_with_stdin=True)(worker)
    assert watched == [77]
    assert ("base_url=http://127.0.0.1:1/v1" in capsys.readouterr().out) is announces
