"""The program `reen`: its commands, gathered, and what happens when one fails.

Each command stands in a module of its own kind; adding one is a line in `COMMANDS`.  Errors become
one line on standard error and exit code 2 (see `errors`).  Holds no command itself.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import click

from reen import ReenError, __version__
from reen.cli.catalogue import factors, importers, methods, plugins
from reen.cli.comparing import compare
from reen.cli.errors import BAD_INPUT, describe_error, describe_usage_error, wants_traceback
from reen.cli.exporting import export
from reen.cli.indicators import indicators
from reen.cli.matching import match
from reen.cli.measuring import explain, measure
from reen.cli.new_key import new_key
from reen.cli.new_plugin import new_plugin
from reen.cli.reading import read
from reen.cli.stating import statement

__all__ = ["COMMANDS", "app"]

#: The commands, in the order in which `reen --help` lists them.
COMMANDS: tuple[click.Command, ...] = (
    measure,
    compare,
    explain,
    statement,
    indicators,
    export,
    read,
    match,
    methods,
    importers,
    factors,
    plugins,
    new_plugin,
    new_key,
)


class _Program(click.Group):
    """A group whose errors are one line on standard error, and whose order is ours."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`, not of the alphabet."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; bad input ends in one line and exit code 2."""
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()  # here, so that a closed pipe is met while somebody can handle it
        except BrokenPipeError:
            raise  # click ends quietly
        except (ReenError, OSError) as error:
            if wants_traceback(ctx):
                import traceback

                click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
            click.echo(describe_error(error), err=True)
            ctx.exit(BAD_INPUT)
        return result

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run the program and end the process, as click does, but with our own messages."""
        ends_process = extra.pop("standalone_mode", True)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal or pipe that lacks a character shows `?` for it, rather than failing.
            sys.stdout.reconfigure(errors="replace")
        try:
            run: Callable[..., object] = super().main
            result = run(*args, **extra, standalone_mode=False)
        except click.ClickException as error:
            click.echo(describe_usage_error(error), err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("interrupted", err=True)
            sys.exit(1)
        if ends_process:
            sys.exit(result if isinstance(result, int) else 0)
        return result


@click.group(
    cls=_Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nStart with:\n  reen read parc.csv\n"
    "  reen measure parc.csv --method base-carbone --as-of 2025-12-31",
)
@click.version_option(__version__, prog_name="reen", message="%(prog)s %(version)s")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Measure the yearly environmental footprint of an organisation's digital equipment.

    Works offline, on published figures that come with it; every result says what it counted, what
    it left out and why.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in COMMANDS:
    app.add_command(_command)
