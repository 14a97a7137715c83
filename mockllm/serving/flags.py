"""Flags over variables over defaults: how the command line finds the settings of the mock."""

from collections.abc import Callable, Collection
from typing import Any

import click
from click.core import ParameterSource

from mockllm.serving.settings import Settings, default_host


class _Setting(click.Option):
    """A flag over a variable, taken from the environment that `main` was given."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        return ctx.obj.get(self.envvar) or None

    def get_error_hint(self, ctx: click.Context | None) -> str:  # noqa: ARG002 - the signature is click's
        return f"{self.opts[0]} or {self.envvar}"


def setting(name: str, variable: str, words: str, default: str | None = None) -> Callable[[Any], Any]:
    """Make the flag of a setting. What it defaults to is told if it is anything, or if `default` says it."""
    field = Settings.model_fields[name]
    told = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
    shown = "; ".join(filter(None, [variable, told if default is None else default]))
    flag = f"--{name.replace('_', '-')}"
    kind: dict[str, Any] = {"is_flag": True} if field.annotation is bool else {"type": field.annotation}
    return click.option(flag, cls=_Setting, envvar=variable, help=f"{words}  [{shown}]", **kind)


def settings_of(context: click.Context, names: Collection[str]) -> Settings:
    """Take the settings of these names that flags or variables give, of a command and of the one above it."""
    given = {
        name: value
        for source in (ParameterSource.ENVIRONMENT, ParameterSource.COMMANDLINE)
        for each in (context.parent, context)
        if each is not None
        for name, value in each.params.items()
        if name in names and each.get_parameter_source(name) is source
    }
    return Settings(**{"host": default_host(context.obj), **given})
