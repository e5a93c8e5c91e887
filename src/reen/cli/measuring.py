"""The commands `measure` and `explain`: a file, a method, and the figure or one row's formula.

Input: what was typed.  Output: pages, JSON, CSV or Parquet by `output`; the figures are the
library's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import reen
from reen.cli.arguments import words
from reen.cli.computing_options import Computing, computing_options, level_option
from reen.cli.errors import as_typed
from reen.cli.output import (
    choose_format,
    emit_json,
    emit_page,
    emit_table,
    refuse_to_overwrite,
    write_footprint_as,
)
from reen.cli.page_options import (
    format_option,
    full_option,
    limit_option,
    output_option,
    spoken_option,
)
from reen.cli.progress import Progress
from reen.cli.reading_options import (
    Files,
    Reading,
    data_file,
    grouping_columns,
    reading_options,
    report_issues,
)
from reen.cli.screen import Screen, short_page
from reen.reasons import say, speaking, spoken

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.cli.page import Page, Spread
    from reen.views.model import View

__all__ = ["explain", "measure"]

#: Formats that hold a table.
_TABLES = ("csv", "parquet", "xlsx")

#: Characters of a line of a page that is no terminal.
_PAGE = 80


@click.command(
    epilog="\b\nExamples:\n"
    "  reen measure parc.csv --method base-carbone --by entity,equipment_type\n"
    "  reen measure parc.csv -m base-carbone -o use_stage=false --as-of 2022-12-31\n"
    "  reen measure parc.csv -m declared --format json --output footprint.json\n"
    "  reen measure parc.csv -m base-carbone --pack base-carbone@2026.1",
)
@data_file
@computing_options
@level_option
@click.option(
    "--by",
    metavar="COLUMNS",
    multiple=True,
    help="Columns to group by, separated by commas: entity, site, equipment_type, or any column"
    " of the file.",
)
@click.option(
    "--criteria",
    metavar="NAMES",
    multiple=True,
    help="Impacts to show, separated by commas; all that the factors publish when not given.",
)
@click.option(
    "--interval",
    type=click.FloatRange(0.0, 100.0, min_open=True, max_open=True),
    metavar="PERCENT",
    help="Show the interval of the total with that probability, such as 95, from the published"
    " uncertainty of the factors. Not shown if too little of the total has one.",
)
@click.option(
    "--assume-spread",
    type=click.FloatRange(min=0.0, min_open=True),
    metavar="RATIO",
    help="With --interval: the relative standard deviation of the factors that publish none,"
    " such as 0.3. The page names it as your assumption.",
)
@format_option
@output_option
@limit_option("With --full: lines of a table on the page; 0 for all.")
@click.option(
    "--table",
    type=click.Choice(["figures", "rows"]),
    default="figures",
    show_default=True,
    help="Content of CSV, Parquet and workbooks: the figures by group, or every row with its"
    " formula, its factor and its impacts.",
)
@click.option(
    "--full",
    is_flag=True,
    help="The whole page: every group, the rows left out one by one, the assumptions, the"
    " content of the factors.",
)
@spoken_option
@reading_options
def measure(  # noqa: PLR0913 - click hands each option over by its name
    files: Files,
    *,
    computing: Computing,
    reading: Reading,
    level: str,
    by: tuple[str, ...],
    criteria: tuple[str, ...],
    interval: float | None,
    assume_spread: float | None,
    output_format: str | None,
    output: Path | None,
    limit: int,
    full: bool,
    table: str,
) -> None:
    """Measure the yearly footprint of the equipment listed in the files PATH.

    The page gives, in 25 lines, the total and the share of the fleet that is counted, the stages
    of the life cycle and the largest groups, the assumptions, and what to fix first. --full adds
    all groups, every row left out with its reason, and every assumption.
    """
    from reen.cli.page import Page

    made = choose_format(output_format, output)
    spread = _spread(interval, assume_spread, made)
    refuse_to_overwrite(files.paths, output)
    method = computing.configured()  # before the file: a mistyped name should cost nothing
    inventory = reading.read(files, by=words(by))
    short = made == "table" and not full
    if not short or output is not None:
        report_issues(inventory, files)
    columns = words(by)
    if level == "equipment":
        columns = grouping_columns(columns, inventory)
    if (short or made == "html") and not columns and level == "equipment":
        columns = ("equipment_type",)  # the largest types; data for programs stay as asked
    with Progress(f"measuring {files.name}", total=len(inventory)) as progress:
        prepared = reen.prepare(
            method,
            by=columns,
            level=level,
            factors=computing.factors or None,
            as_of=computing.as_of,
            criteria=words(criteria) or None,
            registry=computing.registry,
        )
        footprint = prepared.measure(inventory, progress=progress.update)

    frame = Page(
        width=_PAGE,
        ascii_only=False,
        limit=limit,
        registry=computing.registry,
        files=files,
        dated=computing.as_of is not None,
        inventory=inventory,
        level=level,
        options=computing.options,
        computing=computing.typed,
        spread=spread,
        read=frozenset(prepared.columns),
    )

    def page(screen: Screen) -> Iterator[RenderableType]:
        if short:
            return short_page(_view(footprint, frame), screen)
        from reen.cli.footprint_page import footprint_page

        ascii_only = screen.ascii_only
        made_for = attrs.evolve(frame, width=screen.width, ascii_only=ascii_only)
        return footprint_page(footprint, made_for)

    if table == "rows" and made in _TABLES:
        rows = reen.trace(
            inventory,
            method,
            level=level,
            factors=computing.factors or None,
            as_of=computing.as_of,
            registry=computing.registry,
        )
        emit_table(rows.read_all(), made, output, provenance=footprint.provenance.to_dict())
    else:
        write_footprint_as(footprint, made, output, page, lambda: _view(footprint, frame))
    _tell(footprint, made, output, table)


def _view(footprint: reen.Footprint, page: Page) -> View:
    """Return the view of a footprint, with what the command line knows beside it."""
    from reen.cli.page import uncertainty
    from reen.results.footprint_view import Showing, footprint_view, main_criterion

    asked = uncertainty(footprint, page, (main_criterion(footprint.criteria),))
    personal = ""
    if "ownership" in page.inventory.table.schema.names:  # the long page is imported for it alone
        from reen.cli.coverage_page import personal_line

        personal = personal_line(footprint, page)
    return footprint_view(
        footprint,
        Showing(
            type_title=page.type_title,
            dated=page.dated,
            options=page.options,
            headline=tuple(f"{label} {text}" for label, text in asked.items()),
            stands_out=(personal,) if personal else (),
            typed=as_typed,
        ),
    )


def _tell(footprint: reen.Footprint, made: str, output: Path | None, table: str) -> None:
    """Say on standard error what a table does not hold, and what was written where."""
    if made == "csv" and table == "figures":
        from reen.results.display import lines_apart

        for line in lines_apart(footprint):
            click.echo(say("page_note_not_in_table", line=line), err=True)
    if output is not None:
        from reen.results.footprint_words import total_text

        total = "; ".join(total_text(each) for each in footprint.totals())
        click.echo(say("page_written", path=str(output), said=total), err=True)


def _spread(interval: float | None, assumed: float | None, made: str) -> Spread | None:
    """Return what is asked of the uncertainty of the total.

    Raises
    ------
    click.UsageError
        A spread without an interval, or an interval of something else than a page.
    """
    if interval is None:
        if assumed is not None:
            message = say("error_assume_spread_about_interval_interval_95")
            raise click.UsageError(message)
        return None
    if made != "table":
        message = say("error_interval_shown_on_page_python_footprint")
        raise click.UsageError(message)
    from reen.cli.page import Spread

    return Spread(interval / 100.0, assumed)


@click.command(
    epilog="\b\nExamples:\n"
    "  reen explain parc.csv PC-0042 --method base-carbone\n"
    "  reen explain parc.csv 12 --method declared --as-of 2022-12-31\n"
    "  reen explain parc.csv 12 -m manufacturer --factors sheets.csv --matching matching.csv",
)
@data_file
@click.argument("row", metavar="ROW")
@computing_options
@level_option
@click.option(
    "-f",
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people, or for programs.",
)
@full_option
@spoken_option
@reading_options
def explain(
    files: Files,
    *,
    row: str,
    level: str,
    computing: Computing,
    reading: Reading,
    output_format: str,
    full: bool,
) -> None:
    """Explain the figure of one ROW of the files PATH: its formula, numbers and sources.

    ROW is the identifier of the equipment, or a line of the file: 12, or parc.csv:12 when several
    files were put together. Where a line of a table of counts gives several records, add the type:
    'ecoles.xlsx[Feuil1]:6:PC fixe'.
    """
    method = computing.configured()
    inventory = reading.read(files)
    with speaking("en" if output_format == "json" else spoken()):
        explanation = reen.explain(
            inventory,
            row=row,
            level=level,
            method=method,
            factors=computing.factors or None,
            as_of=computing.as_of,
            key=reading.key_file,
            registry=computing.registry,
        )
    if output_format == "json":
        emit_json(explanation.to_dict())
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        if not full:
            yield from short_page(explanation.view(), screen)
            return

        from reen.cli.tables import hang

        for line in str(explanation).splitlines():
            text = line.lstrip(" ")
            indent = " " * (len(line) - len(text))
            yield hang(text, width=screen.width, first=indent, rest=indent + "    ")

    emit_page(page)
