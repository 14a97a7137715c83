"""The command line: flags over environment variables over defaults."""

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
from mockllm.serving.settings import Settings
from mockllm.timing import DEFAULT_PROFILE, PROFILES


def _listening(command: Any) -> Any:
    """Add what every server takes."""
    for option in (
        click.option("--stop-with-stdin", is_flag=True, help="Stop when standard input closes."),
        click.option(
            "--log-level", help="debug, info, warning, error or critical.  [MOCKLLM_LOG_LEVEL; error]"
        ),
        click.option("--port", type=int, help="Port to listen on, 0 for any free one.  [PORT; 8001]"),
        click.option(
            "--host",
            help="Address to listen on.  [HOST; 127.0.0.1, or 0.0.0.0 on a known hosting platform]",
        ),
    ):
        command = option(command)
    return command


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[COMMAND]",
    context_settings={"terminal_width": 100, "help_option_names": ["-h", "--help"]},
)
@_listening
@click.option("--workers", type=int, help="Worker processes.  [WEB_CONCURRENCY; 1]")
@click.option("--seed", type=int, help="Seed of texts and ids.  [MOCKLLM_SEED; 0]")
@click.option(
    "--profile",
    help=f"Speed of models that name none: {', '.join(PROFILES)}.  [MOCKLLM_PROFILE; {DEFAULT_PROFILE}]",
)
@click.option(
    "--speed", type=float, help="Divide all waiting by this; 0 waits not at all.  [MOCKLLM_SPEED; 1]"
)
@click.option("--api-key", help="The one key to accept; empty accepts any.  [MOCKLLM_API_KEY]")
@click.option(
    "--strict",
    is_flag=True,
    default=None,
    help="Refuse what the real APIs refuse, and what no rule answers.  [MOCKLLM_STRICT; off]",
)
@click.option(
    "--models",
    help="Names to accept, with * as wildcard, separated by commas; empty accepts any.  [MOCKLLM_MODELS]",
)
@click.option(
    "--faults",
    help="Faults for requests that ask for none, as in 'reset@20 5%, rate_limit*2 turn 3'.  [MOCKLLM_FAULTS]",
)
@click.option("--knobs", help="Knobs for all requests, as in ttft500-itl20-cv0.3.  [MOCKLLM_KNOBS]")
@click.option("--rpm", type=int, help="Requests a minute for each API key; 0 for no limit.  [MOCKLLM_RPM; 0]")
@click.option("--tpm", type=int, help="Tokens a minute for each API key; 0 for no limit.  [MOCKLLM_TPM; 0]")
@click.option(
    "--batch",
    type=int,
    help="Sequences that each worker decodes at once, others queue; 0 for no load model.  [MOCKLLM_BATCH; 0]",
)
@click.option(
    "--slowdown", type=float, help="How many times slower a full batch decodes.  [MOCKLLM_SLOWDOWN; 2]"
)
@click.option("--journal", type=int, help="Requests to keep in the journal.  [MOCKLLM_JOURNAL; 10000]")
@click.option(
    "--lateness-limit",
    type=float,
    help="Milliseconds of lateness (p99) above which /healthz says saturated.  [MOCKLLM_LATENESS_LIMIT; 5]",
)
@click.option("--rules", help="YAML file of rules for answers, read again when it changes.  [MOCKLLM_RULES]")
@click.option("--cassette", help="Directory of recorded answers to play instead.  [MOCKLLM_CASSETTE]")
@click.version_option(__version__, prog_name="mockllm")
@click.pass_context
def _mockllm(context: click.Context, /, stop_with_stdin: bool, **flags: Any) -> None:
    """Serve a deterministic mock of the OpenAI API.

    Prints its URL when it is ready. What is answered, how fast and with which fault follows from the
    request: the model name takes knobs, as in mock-ttft500-itl20-tokens400, and so does a "mock" object
    in the body.
    """
    if context.invoked_subcommand is None:
        _serve_mock(context.obj, stop_with_stdin, flags)


@_mockllm.command("record")
@_listening
@click.option("--upstream", required=True, help="URL of the API, as in https://api.openai.com/v1.")
@click.option("--cassette", required=True, help="Directory to write to; made if it is not there.")
@click.pass_obj
def _record(
    environ: Mapping[str, str], /, upstream: str, cassette: str, stop_with_stdin: bool, **flags: Any
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
    settings = Settings.from_env(environ, **_given(flags), workers=1)
    _serve(settings, lambda _: create_recorder(api, Library(Path(cassette)), tell), stop_with_stdin)


@_mockllm.command("replay")
@_listening
@click.option("--workers", type=int, help="Worker processes.  [WEB_CONCURRENCY; 1]")
@click.option("--cassette", required=True, help="Directory of the recorded answers.")
@click.option(
    "--speed", type=float, help="Divide all waiting by this; 0 waits not at all.  [MOCKLLM_SPEED; 1]"
)
@click.option("--api-key", help="The one key to accept; empty accepts any.  [MOCKLLM_API_KEY]")
@click.pass_obj
def _replay(environ: Mapping[str, str], /, stop_with_stdin: bool, **flags: Any) -> None:
    """Play recorded answers, each piece at its time.

    What was not recorded gets a 404 that says what was.
    """
    _serve_mock(environ, stop_with_stdin, flags)


def _serve_mock(environ: Mapping[str, str], stop_with_stdin: bool, flags: Mapping[str, Any]) -> None:
    settings = Settings.from_env(environ, **_given(flags))

    _serve(settings, partial(create_app, settings), stop_with_stdin)


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


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
    for field, info in Settings.model_fields.items():
        choices = getattr(info.validation_alias, "choices", [])
        if name in (field, *choices):
            return str(choices[0])
    return name
