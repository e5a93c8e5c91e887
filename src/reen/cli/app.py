"""The program `reen`: its commands, listed, and what happens when one fails.

Each command stands in a module of its own kind, imported when the command is typed, so that
`reen --help` costs nothing; adding one is a line in `COMMANDS`.  Errors become one line on standard
error and exit code 2 (see `errors`).  Holds no command itself.
"""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable, Mapping
from typing import Any, cast

import click

from reen._version import __version__
from reen.cli.errors import BAD_INPUT, describe_error, describe_usage_error, wants_traceback
from reen.cli.speech import in_language, language_of, speaking_to, spoken_option, translated
from reen.cli.terminal import VisibleStreams
from reen.errors import ReenError
from reen.reasons import say

__all__ = ["COMMANDS", "app"]

#: The module of each command and what `reen --help` says of it, in the order of its list.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "measure": ("measuring", "Measure the yearly footprint of a fleet."),
    "compare": ("comparing", "Measure a fleet by several methods, and explain the gaps."),
    "change": ("changing", "Measure two years of a fleet, and explain the change."),
    "statement": (
        "stating",
        "State a footprint by the categories of a BEGES or of the GHG Protocol.",
    ),
    "explain": ("measuring", "Show the formula behind the figure of one row."),
    "indicators": (
        "indicators",
        "Compute the indicators to follow over the years.",
    ),
    "objectives": (
        "objectives",
        "Judge the objectives of a strategy by the figures of a year.",
    ),
    "scenarios": (
        "scenarios",
        "Project the fleet, with the levers of a strategy.",
    ),
    "offers": ("offering", "Compare offers of suppliers, per year of service."),
    "review": ("reviewing", "Write the yearly review required by law."),
    "start": ("starting", "Write a first review.toml from the files at hand."),
    "export": ("exporting", "Export results to another tool's file format."),
    "read": ("reading", "Show how a file is understood; save a cleaned copy."),
    "match": ("matching", "Match models with manufacturers' sheets, in a table to correct."),
    "methods": ("catalogue", "List the methods, or show one with its options."),
    "importers": ("catalogue", "List the file formats that can be read."),
    "factors": ("catalogue", "List the published factors, or show some."),
    "plugins": ("catalogue", "List the plugins and what they provide."),
    "show-versions": ("versions", "Show what is installed here, for a report of a fault."),
    "new-plugin": ("new_plugin", "Write the first files of a plugin of your own."),
    "new-key": ("new_key", "Make the secret key for pseudonyms."),
}


class _Program(click.Group):
    """A group whose errors are one line on standard error, and whose order is ours."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`, not of the alphabet."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that was typed, and no other."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"reen.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        if all("--lang" not in each.opts for each in command.params):
            spoken_option(command)
        return in_language(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section(translated("Commands")):
            formatter.write_dl([(name, translated(said)) for name, (_, said) in COMMANDS.items()])

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language in force."""
        click.Group.format_help(cast("click.Group", in_language(self)), ctx, formatter)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; bad input ends in one line and exit code 2."""
        from reen.gate.reads import run  # digests of files, which no help needs

        try:
            with run():
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
        given = args[0] if args else extra.get("args")
        with speaking_to(language_of(sys.argv[1:] if given is None else given)):
            return self._run(*args, **extra)

    def _run(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        ends_process = extra.pop("standalone_mode", True)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal or pipe that lacks a character shows `?` for it, rather than failing.
            sys.stdout.reconfigure(errors="replace")
        inert_streams = VisibleStreams()
        try:
            run_command: Callable[..., object] = super().main
            result = run_command(*args, **extra, standalone_mode=False)
        except click.ClickException as error:
            click.echo(describe_usage_error(error), err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo(say("page_interrupted"), err=True)
            sys.exit(1)
        except OSError as error:  # of the help, which is printed before any command begins
            click.echo(describe_error(error), err=True)
            sys.exit(BAD_INPUT)
        finally:
            inert_streams.restore()
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
@spoken_option
@click.version_option(__version__, prog_name="reen", message="%(prog)s %(version)s")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Measure the yearly environmental footprint of an organisation's digital equipment.

    Works offline, with published figures; every result shows what is counted, what is left out,
    and why.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
