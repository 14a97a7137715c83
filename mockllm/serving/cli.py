"""The command line."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from pydantic import ValidationError

from mockllm import __version__
from mockllm.journal import Library, Upstream, create_recorder
from mockllm.serving.app import create_app
from mockllm.serving.flags import setting, settings_of
from mockllm.serving.settings import Settings
from mockllm.timing import PROFILES

_HOST = "127.0.0.1, or 0.0.0.0 on a known hosting platform"
_workers = setting("workers", "WEB_CONCURRENCY", "Worker processes.")
_speed = setting("speed", "MOCKLLM_SPEED", "Divide all waiting by this; 0 waits not at all.")
_api_key = setting("api_key", "MOCKLLM_API_KEY", "The one key to accept; empty accepts any.")
_upstream = setting(
    "upstream",
    "MOCKLLM_UPSTREAM",
    "URL of the API to ask for what is not in the cassettes, and to record.",
)


def _listening(command: Any) -> Any:
    """Add what every server takes."""
    for option in (
        click.option("--stop-with-stdin", is_flag=True, help="Stop when standard input closes."),
        setting("log_level", "MOCKLLM_LOG_LEVEL", "debug, info, warning, error or critical."),
        setting("port", "PORT", "Port to listen on, 0 for any free one."),
        setting("host", "HOST", "Address to listen on.", _HOST),
    ):
        command = option(command)
    return command


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[COMMAND]",
    context_settings={"terminal_width": 100, "help_option_names": ["-h", "--help"]},
)
@_listening
@_workers
@setting("seed", "MOCKLLM_SEED", "Seed of texts and ids.")
@setting("profile", "MOCKLLM_PROFILE", f"Speed of models that name none: {', '.join(PROFILES)}.")
@_speed
@_api_key
@setting("strict", "MOCKLLM_STRICT", "Refuse what the real APIs refuse, and what no rule answers.", "off")
@setting(
    "models",
    "MOCKLLM_MODELS",
    "Names to accept, with * as wildcard, separated by commas; empty accepts any.",
)
@setting(
    "faults",
    "MOCKLLM_FAULTS",
    "Faults for requests that ask for none, as in 'reset@20 5%, rate_limit*2 turn 3'.",
)
@setting("knobs", "MOCKLLM_KNOBS", "Knobs for all requests, as in ttft500-itl20-cv0.3.")
@setting("rpm", "MOCKLLM_RPM", "Requests a minute for each API key; 0 for no limit.")
@setting("tpm", "MOCKLLM_TPM", "Tokens a minute for each API key; 0 for no limit.")
@setting(
    "batch",
    "MOCKLLM_BATCH",
    "Sequences that each worker decodes at once, others queue; 0 for no load model.",
)
@setting("slowdown", "MOCKLLM_SLOWDOWN", "How many times slower a full batch decodes.")
@setting("journal", "MOCKLLM_JOURNAL", "Requests to keep in the journal.")
@setting(
    "lateness_limit",
    "MOCKLLM_LATENESS_LIMIT",
    "Milliseconds of lateness (p99) above which /healthz says saturated.",
)
@setting("rules", "MOCKLLM_RULES", "YAML file of rules for answers, read again when it changes.")
@setting("cassette", "MOCKLLM_CASSETTE", "Directory of recorded answers to play instead.")
@_upstream
@click.version_option(__version__, prog_name="mockllm")
@click.pass_context
def _mockllm(context: click.Context, /, stop_with_stdin: bool, **_flags: Any) -> None:
    """Serve a deterministic mock of the OpenAI API.

    Prints its URL when it is ready. What is answered, how fast and with which fault follows from the
    request: the model name takes knobs, as in mock-ttft500-itl20-tokens400, and so does a "mock" object
    in the body.
    """
    if context.invoked_subcommand is None:
        _serve_mock(context, stop_with_stdin)


@_mockllm.command("record")
@_listening
@click.option("--upstream", required=True, help="URL of the API, as in https://api.openai.com/v1.")
@click.option("--cassette", required=True, help="Directory to write to; made if it is not there.")
@click.pass_context
def _record(
    context: click.Context, /, upstream: str, cassette: str, stop_with_stdin: bool, **_flags: Any
) -> None:
    """Pass requests on to a real API and keep its answers.

    Each answer is a file with the time of every piece, and without secrets.
    """
    try:
        api = Upstream(upstream)
    except ValueError as error:
        raise click.UsageError(f"--upstream: {error}") from error
    tell = partial(click.echo, err=True)
    # One process: gevent carries all that a recording session asks for.
    settings = settings_of(context, {"host", "port", "log_level"})
    _serve(settings, lambda _: create_recorder(api, Library(Path(cassette)), tell), stop_with_stdin)


@_mockllm.command("replay")
@_listening
@_workers
@click.option("--cassette", required=True, help="Directory of the recorded answers.")
@_upstream
@_speed
@_api_key
@click.pass_context
def _replay(context: click.Context, /, stop_with_stdin: bool, **_flags: Any) -> None:
    """Play recorded answers, each piece at its time.

    What was not recorded gets a 404 that says what was, or is recorded.
    """
    _serve_mock(context, stop_with_stdin)


def _serve_mock(context: click.Context, stop_with_stdin: bool) -> None:
    settings = settings_of(context, Settings.model_fields.keys())
    _serve(settings, partial(create_app, settings), stop_with_stdin)


def _serve(settings: Settings, create: Callable[[str], Flask], stop_with_stdin: bool) -> None:
    # The server takes longest to import, and a wrong setting or --help does not need it.
    from mockllm.serving.gunicorn_server import bind, serve  # noqa: PLC0415

    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        message = f"cannot listen on {settings.host} port {settings.port}: {error.strerror or error}"
        raise click.ClickException(message) from error
    serve(create, settings, listener, stop_with_stdin=stop_with_stdin)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command line; return 1 if the port is taken, 2 for a wrong flag or setting."""
    try:
        _mockllm.main(args=list(argv), prog_name="mockllm", obj=environ, standalone_mode=False)
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else "settings"
            message, given = problem["msg"].removeprefix("Value error, "), problem["input"]
            got = "" if str(given) in message else f", got {given!r}"
            sys.stderr.write(f"mockllm: {_variable(name)}: {message}{got}\n")
        return 2
    except click.ClickException as error:
        sys.stderr.write(f"mockllm: {error.format_message()}\n")
        return error.exit_code
    except click.Abort:
        return 1
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0


def _variable(name: str) -> str:
    return next((str(each.envvar) for each in _mockllm.params if each.name == name), name)
