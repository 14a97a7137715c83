"""The command line: flags over environment variables over defaults."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from pydantic import ValidationError

from mockllm.pacing import DEFAULT_PROFILE, PROFILES
from mockllm.settings import Settings


@click.command(context_settings={"terminal_width": 100, "help_option_names": ["-h", "--help"]})
@click.option(
    "--host", help="Address to listen on.  [HOST; 127.0.0.1, or 0.0.0.0 on a known hosting platform]"
)
@click.option("--port", type=int, help="Port to listen on, 0 for any free one.  [PORT; 8001]")
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
@click.option("--log-level", help="debug, info, warning, error or critical.  [MOCKLLM_LOG_LEVEL; error]")
@click.option("--stop-with-stdin", is_flag=True, help="Stop when standard input closes.")
@click.pass_obj
def _serve(environ: Mapping[str, str], /, stop_with_stdin: bool, **flags: Any) -> None:
    """Serve a deterministic mock of the OpenAI API.

    Prints its URL when it is ready. What is answered, how fast and with which fault follows from the
    request: the model name takes knobs, as in mock-ttft500-itl20-tokens400, and so does a "mock" object
    in the body.
    """
    settings = Settings.from_env(
        environ, **{name: value for name, value in flags.items() if value is not None}
    )
    # The server takes longest to import, and a wrong setting or --help does not need it.
    from mockllm.serving import bind, serve  # noqa: PLC0415

    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        message = f"cannot listen on {settings.host} port {settings.port}: {error.strerror or error}"
        raise click.ClickException(message) from error
    serve(settings, listener, stop_with_stdin=stop_with_stdin)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command line; return 1 if the port is taken, 2 for a wrong flag or setting."""
    try:
        _serve.main(args=list(argv), prog_name="mockllm", obj=environ, standalone_mode=False)
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]) if problem["loc"] else "settings"
            sys.stderr.write(f"mockllm: {_variable(name)}: {problem['msg']}, got {problem['input']!r}\n")
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
