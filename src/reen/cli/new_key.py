"""The command `new-key`: a secret of the organisation, by which names of persons are hashed.

Input: the file to write.  Output: the file, which only its owner can read; a file that is there is
never replaced, since the pseudonyms made with it would match nothing any more.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from reen.cli.errors import traceback_option
from reen.gate.writing import writing
from reen.reasons import say

__all__ = ["new_key"]


@click.command(
    "new-key",
    epilog="\b\nExamples:\n"
    "  reen new-key reen.key\n"
    "  reen read parc.csv --key-file reen.key --output parc.parquet",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@traceback_option
def new_key(file: Path) -> None:
    """Write a new secret key to FILE, for --key-file.

    With the same file, the same person and the same device have the same pseudonym every year.
    Keep it in a safe place, apart from the inventories: a person who has both can test names.
    Without it nobody can.
    """
    if os.path.lexists(file):
        message = say("error_there_already_key_was_used_needed", file=str(file))
        raise click.UsageError(message, click.get_current_context())
    from reen.inventory.pseudonyms import new_key as made_key

    with writing(file, new=True, private=True) as output:
        output.write(f"{made_key()}\n".encode("ascii"))
    click.echo(say("page_key_written", path=str(file)), err=True)
