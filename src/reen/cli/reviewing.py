"""The command `review`: the yearly review that the law asks for, in one folder.

Input: a plan (`review.toml`) and a year.  Output: the files of the review, and one line each on
standard error.  The figures and the words are the library's own.
"""

from __future__ import annotations

from pathlib import Path

import click

import reen
from reen.cli.arguments import words
from reen.cli.errors import traceback_option
from reen.cli.page_options import replace_option
from reen.cli.speech import review_language_option
from reen.reasons import say

__all__ = ["review"]


@click.command(
    epilog="\b\nExamples:\n"
    "  reen review review.toml --year 2025 --output bilan-2025/\n"
    "  reen review review.toml --year 2025 --output bilan-2025/ --formats html,pdf"
)
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option(
    "--year",
    type=click.IntRange(1990, 2100),
    metavar="YEAR",
    required=True,
    help="The year to review; PLAN must name its files.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    required=True,
    help="Folder of the review; created if it does not exist.",
)
@click.option(
    "--formats",
    metavar="NAMES",
    multiple=True,
    help="Some of html, pdf, docx, annex, open-data, separated by commas; all when not given.",
)
@replace_option
@review_language_option
@traceback_option
def review(
    plan: Path,
    *,
    year: int,
    output: Path,
    formats: tuple[str, ...],
    replace: bool,
    language: str,
) -> None:
    """Write the yearly review of a digital strategy, in French or English, from the file PLAN.

    The folder gets bilan.html, bilan.pdf, bilan.docx (to edit), the rows behind the figures
    (annexe.csv, annexe.xlsx), open data, and review.json for programs and for next year's review.
    A section without data names what is missing. A file of FOLDER that somebody changed since is
    not replaced without --replace.
    """
    made = reen.Review.open(plan).year(year)
    written = made.write(output, formats=words(formats) or None, language=language, replace=replace)
    for path in written:
        click.echo(say("start_written_file", path=str(path)), err=True)
    from reen.results.footprint_words import total_text

    total = total_text(made.now.footprint.total("climate_change"))
    click.echo(say("page_colon", name=f"{plan.name}, {year}", text=total), err=True)
