"""The command `new-plugin`: the first files of a plugin, and what to type next.

Input: what was typed.  Output: a folder that is a package, named file by file on standard output.
What is in the files stands in `plugin_template`.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from reen.cli.arguments import shell_words
from reen.cli.computing_options import installed
from reen.cli.errors import traceback_option
from reen.cli.plugin_template import KINDS, write_plugin
from reen.reasons import Reason, say

__all__ = ["new_plugin"]

#: What to type to see what the plugin provides.
_LOOK = {
    "method": "reen methods {name}",
    "importer": "reen read tests/sample.jsonl --importer {name}",
    "factor-pack": "reen factors {name}",
}


@click.command(
    "new-plugin",
    epilog="\b\nExamples:\n"
    "  reen new-plugin reen-acme --kind method\n"
    "  reen new-plugin reen-acme-factors --kind factor-pack --directory plugins",
)
@click.argument("name", metavar="NAME")
@click.option(
    "--kind",
    type=click.Choice(tuple(KINDS)),
    required=True,
    help="Kind of the plugin; you can add other hooks later.",
)
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where its folder goes. [default: here]",
)
@traceback_option
def new_plugin(name: str, *, kind: str, directory: Path) -> None:
    """Write a package that adds a method, an importer or a factor pack to reen.

    NAME is the name of the package, such as reen-acme; its method, importer or pack is then
    called acme. The package installs, and passes its tests and the conformance suite: change it
    from there.
    """
    provided, paths = write_plugin(name, kind=kind, directory=directory, registry=installed())
    for path in paths:
        click.echo(str(path))
    folder = directory / name
    windows = os.name == "nt"
    python, program, mark = (
        ("py -3", ".venv\\Scripts", '"') if windows else ("python3", ".venv/bin", "'")
    )
    ready = say("page_plugin_ready", kind=Reason(f"kind_{kind.replace('-', '_')}"), name=provided)
    click.echo(f"\n{ready}")
    for line in (
        f"cd {shell_words([str(folder)])}",
        f"{python} -m venv .venv",
        # A folder, never the bare name: until there is a release, a package index may give it to
        # somebody else.
        f"{program}{os.sep}pip install {mark}../reen[cli]{mark} -e {mark}.[test]{mark}",
        f"{program}{os.sep}python -m pytest",
        f"{program}{os.sep}{_LOOK[kind].format(name=provided)}",
    ):
        click.echo(f"  {line}")
    click.echo(f"\n{say('page_plugin_copy')}")
