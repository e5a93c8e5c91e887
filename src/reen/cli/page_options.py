"""Options of pages: in which language, in which form, where to, and how long.

Shared by all commands that print a result, so that each is typed in one way.  Input: a command;
output: the command with options.  Knows no file that is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from reen.cli.errors import traceback_option
from reen.cli.output import FORMATS, keep_formulas_option
from reen.cli.speech import language_option, spoken_option

__all__ = [
    "Command",
    "decorate",
    "for_whom_option",
    "format_option",
    "full_option",
    "language_option",
    "limit_option",
    "listing_options",
    "output_option",
    "page_options",
    "replace_option",
    "spoken_option",
]

Command = Callable[..., None]


def decorate(function: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    """Add options to a command, in the order in which its help lists them."""
    for option in reversed(options):
        function = option(function)
    return function


output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to this file rather than to the screen.",
)


def format_option(function: Command) -> Command:
    """Add the form of what is printed or written, CSV among them."""
    return decorate(
        function,
        (
            click.option(
                "-f",
                "--format",
                "output_format",
                type=click.Choice(FORMATS),
                help="A page for people (table), data for programs, or csv-fr for a French"
                " spreadsheet. By default, that of the file name of --output, else table.",
            ),
            keep_formulas_option,
        ),
    )


full_option = click.option(
    "--full",
    is_flag=True,
    help="The whole page, as long as it is; at most 25 lines when not given.",
)


def limit_option(shown: str, *, default: int = 20) -> Callable[[Command], Command]:
    """Return the option of how many lines a page shows; `shown` is its help, in words."""
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        metavar="N",
        help=shown,
    )


def page_options(function: Command) -> Command:
    """Add the options of a page in either language, or of JSON, to a command."""
    return decorate(
        function,
        (
            language_option,
            click.option(
                "-f",
                "--format",
                "made",
                type=click.Choice(["table", "json"]),
                default="table",
                help="A page for people (table), or data for programs.",
            ),
            output_option,
        ),
    )


replace_option = click.option(
    "--replace",
    is_flag=True,
    help="Replace files of FOLDER even where somebody changed them since, or made them.",
)


#: Who reads a list.
for_whom_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people, or for programs.",
)


def listing_options(function: Command) -> Command:
    """Add the options of the commands that list what is installed."""
    full = click.option(
        "--full",
        is_flag=True,
        help="The whole list with all that is known of each; at most 25 lines when not given.",
    )
    return decorate(function, (full, for_whom_option, traceback_option))
