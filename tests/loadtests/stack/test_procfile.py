import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests.rig.ports import PORTS, free_port, is_free
from loadtests.stack.leash import hold
from loadtests.stack.procfile import PortError, environments, leashed, port_setting, process_lines


def test_the_lines_are_the_procfiles_own() -> None:
    assert process_lines() == {
        "web": "python -m webapp",
        "mockllm": "python -m mockllm",
    }


def test_the_app_is_pointed_at_the_mock() -> None:
    found = environments(8000, 8001, {"HOME": "/home/ada", "PATH": "/usr/bin"})
    common = {
        "HOME": "/home/ada",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/bin",
        "PYTHONUNBUFFERED": "1",
    }
    assert found == {
        "web": {
            **common,
            "HOST": "127.0.0.1",
            "PORT": "8000",
            "OPENAI_BASE_URL": "http://127.0.0.1:8001/v1",
            "OPENAI_API_KEY": "mock-key",
            "CHAT_MODEL": "mock-founding",
            "CHAT_MODELS": "mock-founding,mock*",
        },
        "mockllm": {**common, "PORT": "8001"},
    }


def test_the_callers_settings_win() -> None:
    web = environments(1, 2, {"CHAT_MODEL": "mock-fast", "CHAT_HEARTBEAT_SECONDS": "3", "PORT": "9"})["web"]
    assert (web["CHAT_MODEL"], web["CHAT_MODELS"], web["CHAT_HEARTBEAT_SECONDS"]) == (
        "mock-fast",
        "mock-fast,mock*",
        "3",
    )
    assert web["PORT"] == "1"
    assert environments(1, 2, {"CHAT_MODELS": "mock-fast"})["web"]["CHAT_MODELS"] == "mock-fast"


def test_nobodys_key_and_account_reach_the_processes() -> None:
    environ = {
        "OPENAI_API_KEY": "sk-secret",
        "OPENAI_BASE_URL": "https://api.openai.com/v1",
        "OPENAI_ORG_ID": "org-1",
    }
    for environment in environments(1, 2, environ).values():
        assert not {"sk-secret", "https://api.openai.com/v1", "org-1"} & set(environment.values())


def test_a_leashed_line_is_the_process_itself(tmp_path: Path) -> None:
    held = hold(tmp_path / "lock")
    command = leashed(f"{sys.executable} -c 'import os; print(os.getpid())'", tmp_path / "lock")
    process = subprocess.Popen(command, shell=True, stdout=subprocess.PIPE, text=True, start_new_session=True)
    printed, _ = process.communicate()
    os.close(held)
    assert int(printed) == process.pid


def test_a_port_is_what_its_variable_says_or_the_default() -> None:
    port = free_port()
    assert port_setting({"PORT": str(port)}, "PORT", 1) == port
    assert port_setting({}, "PORT", port) == port
    assert port in PORTS


@pytest.mark.parametrize("value", ["", "0", "65536", "-1", "8000.5", "abc", " 8000", "٨"])
def test_what_is_no_port_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(PortError) as failed:
        port_setting({"MOCKLLM_PORT": value}, "MOCKLLM_PORT", 8001)
    assert str(failed.value) == f"MOCKLLM_PORT: expected a port from 1 to 65535, got {value!r}"


def test_a_taken_port_is_refused_by_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortError, match=f"PORT: port {port} is taken; set PORT to a free one"):
            port_setting({"PORT": str(port)}, "PORT", 8000)
    assert is_free(port)
