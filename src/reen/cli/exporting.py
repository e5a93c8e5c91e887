"""The command `export`: a measurement in the files of another tool.

Input: what was typed.  Output: the files that the exporter writes, named on standard output.
"""

from __future__ import annotations

from pathlib import Path

import click

import reen
from reen.cli.arguments import pairs
from reen.cli.computing_options import Computing, computing_options
from reen.cli.page_options import replace_option
from reen.cli.progress import Progress
from reen.cli.reading_options import Files, Reading, data_file, reading_options, report_issues
from reen.reasons import say

__all__ = ["export"]


@click.command(
    epilog="\b\nExample:\n"
    "  reen export inventory/ indicators/ --method numecoeval --to numecoeval-indicators",
)
@data_file
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--to",
    "exporter",
    metavar="NAME",
    required=True,
    help="Format: numecoeval-indicators, or another from a plugin.",
)
@click.option(
    "--label",
    metavar="NAME=TEXT",
    multiple=True,
    help="A name that the files need and the inventory lacks, such as organisation=Valcour."
    " Repeatable.",
)
@replace_option
@computing_options
@reading_options
def export(
    files: Files,
    *,
    folder: Path,
    exporter: str,
    label: tuple[str, ...],
    replace: bool,
    computing: Computing,
    reading: Reading,
) -> None:
    """Measure the equipment in PATH and write the figures to FOLDER, in another tool's files.

    Files of an earlier export in FOLDER are replaced, but for those that somebody changed since.
    """
    registry = computing.registry
    registry.exporter(exporter)  # before the file: a mistyped name should cost nothing
    method = computing.configured()
    labels = pairs(label, option="--label", form="name=text")
    source = reading.read(files)
    report_issues(source, files)
    with Progress(f"measuring {files.name}"):
        written = reen.export(
            source,
            folder,
            exporter=exporter,
            method=method,
            factors=computing.factors or None,
            as_of=computing.as_of,
            labels=labels,
            registry=registry,
            replace=replace,
        )
    for file in written:
        click.echo(str(file))
    if not source.account.is_complete:
        click.echo(say("page_note_doubtful_rows", name=written[-1].name), err=True)
