"""The command `change`: two years of a fleet, and why their footprints differ.

Input: what was typed.  Output: a page, JSON, CSV or Parquet by `output`; the figures and the
sentences are the library's own.  The page is laid out in `change_page`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

import reen
from reen.cli.arguments import pairs, words
from reen.cli.computing_options import Computing, computing_options
from reen.cli.output import (
    choose_format,
    emit,
    emit_html,
    emit_page,
    emit_table,
    refuse_to_overwrite,
)
from reen.cli.page_options import (
    format_option,
    full_option,
    language_option,
    limit_option,
    output_option,
)
from reen.cli.progress import Progress
from reen.cli.reading_options import (
    Files,
    Reading,
    grouping_columns,
    reading_options,
    report_issues,
)
from reen.cli.screen import Screen, short_page
from reen.reasons import say

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["change"]


@click.command(
    short_help="Measure two years of a fleet, and explain the change.",
    epilog="\b\nExamples:\n"
    "  reen change parc-2024.csv parc-2025.csv -m base-carbone --by entity --lang fr\n"
    "  reen change parc-2024.csv parc-2025.csv -m base-carbone --printed footprint-2024.json\n"
    "  reen change parc-2024.csv parc-2025.csv -m base-carbone"
    " --before-as-of 2024-12-31 --as-of 2025-12-31\n"
    "  reen change parc-2024.csv parc-2025.csv -m base-carbone"
    " --before-pack base-carbone@2026.1\n"
    "  reen change parc-2024.csv parc-2025.csv -m base-carbone --table rows --output rows.csv",
)
@click.argument("before", metavar="BEFORE", type=click.Path(path_type=Path))
@click.argument("after", metavar="AFTER", type=click.Path(path_type=Path))
@computing_options
@click.option(
    "--before-as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="Reference date of the first year; that of --printed, or of --as-of, when not given.",
)
@click.option(
    "--before-option",
    metavar="NAME=VALUE",
    multiple=True,
    help="Option of the method as the first year was measured with it. Repeatable.",
)
@click.option(
    "--before-factors",
    metavar="NAME|FILE",
    multiple=True,
    help="Factors that went before the method's own in the first year. Repeatable.",
)
@click.option(
    "--before-pack",
    metavar="NAME@VERSION",
    multiple=True,
    help="Version of a factor pack that the first year was measured with. Repeatable.",
)
@click.option(
    "--printed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Footprint of the first year as you published it, in the file of `reen measure --output"
    " FILE.json`: the change starts from it, and reen recomputes it with its own method and"
    " packs.",
)
@click.option(
    "--by",
    metavar="COLUMNS",
    multiple=True,
    help="Columns to group by, separated by commas: entity, site, or any column of both files.",
)
@click.option(
    "--criteria",
    metavar="NAMES",
    multiple=True,
    help="Impacts to show, separated by commas; all that both years have when not given.",
)
@language_option
@format_option
@click.option(
    "--table",
    type=click.Choice(["effects", "rows"]),
    default="effects",
    show_default=True,
    help="Content of CSV and Parquet: the effects, or the rows of both years behind them, with"
    " the fate of each asset.",
)
@output_option
@limit_option("Lines of a table on the page; 0 for all.")
@full_option
@reading_options
def change(  # noqa: PLR0913, C901 - each option by its name
    before: Path,
    after: Path,
    *,
    computing: Computing,
    reading: Reading,
    before_as_of: dt.datetime | None,
    before_option: tuple[str, ...],
    before_factors: tuple[str, ...],
    before_pack: tuple[str, ...],
    printed: Path | None,
    by: tuple[str, ...],
    criteria: tuple[str, ...],
    language: str,
    output_format: str | None,
    table: str,
    output: Path | None,
    limit: int,
    full: bool,
) -> None:
    """Measure the fleets of the files BEFORE and AFTER, and split the change into its causes.

    Causes outside the fleet are shown apart: new factors, another method, rows that only one of
    the years has or knows. The effects add up to the change.

    Without --as-of, each year is measured at the end of its own, taken from the names of its files
    or the dates of its records. If they give no year, you are asked for the date.
    """
    made = choose_format(output_format, output)
    refuse_to_overwrite([before, after, *([printed] if printed else [])], output)
    method = computing.configured()  # before the files: a mistyped name should cost nothing
    options = pairs(before_option, option="--before-option", form="name=value")
    before_method = None
    if options:
        named = computing.registry.method(computing.method)
        before_method = reen.configure(named, {**computing.options, **options})
    last_year = None if printed is None else reen.read_footprint(printed)
    files = [Files((path,), reading.typed) for path in (before, after)]
    years = [reading.read(each, by=words(by)) for each in files]
    for each, inventory in zip(files, years, strict=True):
        report_issues(inventory, each)
    first = before_as_of.date() if before_as_of is not None else None
    if first is None and last_year is None:
        first = computing.as_of
    with Progress(f"measuring {files[0].name} and {files[1].name}") as progress:
        found = reen.change(
            years[0],
            years[1],
            method,
            by=grouping_columns(words(by), years[1]),
            factors=computing.factors or None,
            as_of=(first, computing.as_of),
            before_method=before_method,
            before_factors=before_factors or None,
            before_packs=before_pack,
            printed=last_year,
            criteria=words(criteria) or None,
            registry=computing.registry,
            progress=progress.update,
        )

    from reen.results.change_view import change_view

    view = change_view(found, names=(before.name, after.name))

    def page(screen: Screen) -> Iterator[RenderableType]:
        if not full:
            return short_page(view, screen)
        from reen.cli.change_page import change_page
        from reen.cli.page import Page

        frame = Page(
            width=screen.width,
            ascii_only=screen.ascii_only,
            limit=limit,
            registry=computing.registry,
            files=Files((before, after), reading.typed),
            inventory=years[1],
            dated=computing.as_of is not None,
        )
        return change_page(found, frame, names=(before.name, after.name), language=language)

    if made == "json":
        emit((reen.stored.change_to_json(found) + "\n").encode(), output)
    elif made == "html":
        emit_html([view], output)
    elif made == "table":
        emit_page(page, output)
    else:
        steps = {"before": found.before, "restated": found.restated, "after": found.after}
        about = {name: each.provenance.to_dict() for name, each in steps.items()}
        rows = found.to_arrow()
        if table == "rows":
            rows = reen.trace_change(
                *years,
                method=method,
                factors=computing.factors or None,
                as_of=(found.restated.provenance.as_of, found.after.provenance.as_of),
                before_method=before_method,
                before_factors=before_factors or None,
                before_packs=before_pack,
                registry=computing.registry,
            )
        emit_table(rows, made, output, provenance=about)
    if output is not None:
        from reen.results.footprint_words import total_text

        ends = (
            " -> ".join(map(total_text, found.ends(found.criteria[0])))
            if found.criteria
            else say("page_nothing")
        )
        click.echo(say("page_written", path=str(output), said=ends), err=True)
