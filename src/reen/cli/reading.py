"""The command `read`: how a file was understood, and the same rows in canonical form.

Input: a file of any format that an importer knows.  Output: the report of the read, and on request
the rows as Parquet or CSV.  Changes no figure; what was refused is said and marked, never mended.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import reen
from reen.cli.computing_options import installed
from reen.cli.errors import as_typed
from reen.cli.output import (
    choose_format,
    csv_of,
    emit,
    emit_json,
    emit_page,
    keep_formulas_option,
    keeps_formulas,
    refuse_to_overwrite,
)
from reen.cli.page_options import spoken_option
from reen.cli.reading_options import Files, Reading, data_file, reading_options
from reen.cli.screen import Screen, short_page
from reen.gate.reads import is_same_file, read_before
from reen.gate.writing import kept_as, writing
from reen.reasons import say
from reen.views.figures import joined

if TYPE_CHECKING:
    from rich.console import RenderableType


__all__ = ["read"]

#: What rows are written as, and reports.
_FORMATS = ("table", "json", "csv", "csv-fr", "parquet")


@click.command(
    epilog="\b\nExamples:\n"
    "  reen read parc.csv\n"
    "  reen read parc.csv --output parc.parquet\n"
    "  reen read parc.csv --column 'Direction=entity' --country FR --output clean.csv",
)
@data_file
@click.option(
    "-f",
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    help="The report for people (table) or for programs (json), or the rows themselves (csv,"
    " csv-fr, parquet).",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the rows to this .parquet or .csv file, and print the report.",
)
@keep_formulas_option
@click.option(
    "--save-mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to this .toml file how every column was read; correct it and give it back with"
    " --mapping.",
)
@click.option(
    "--worklist",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the questions to this .csv or .xlsx file; answer them under the header 'answer',"
    " and give it back with --mapping.",
)
@click.option(
    "--full",
    is_flag=True,
    help="The whole report: files, columns, issues, assumptions, merged rows.",
)
@spoken_option
@reading_options
def read(
    files: Files,
    *,
    reading: Reading,
    output_format: str | None,
    output: Path | None,
    save_mapping: Path | None,
    worklist: Path | None,
    full: bool,
) -> None:
    """Read the files PATH and show how they were understood.

    First come the share of the items of known type, and the questions to answer so that more of
    them can be measured. Then come the columns recognised and kept, the fate of every row
    (counted, merged into another, set aside, refused) and everything odd.

    With --output, the rows are also saved in canonical form: one name and one unit per column;
    tables beside the equipment, such as purchases, each go to a file of their own beside it. In
    CSV, the header contains the units, as in "annual_energy [kWh/item/year]"; such a file gives
    the same figures. A refused number is written as nan, never as it was, nor as a blank, which
    a method may replace by a default: correct it, or blank it. source and source_row give its
    place in your file.
    """
    rows_as = _rows_format(output_format, output)
    refuse_to_overwrite(files.paths, output)
    refuse_to_overwrite(files.paths, save_mapping, option="--save-mapping", but=("mapping",))
    if worklist is not None and worklist.exists():
        message = say("error_exists_may_hold_answers_give_another", worklist=str(worklist))
        raise click.BadParameter(message, param_hint="'--worklist'")
    registry = installed()
    source = reading.read(files)
    if rows_as is not None:
        _emit_rows(source, files, output)
    if save_mapping is not None:
        from reen.tables.files import readable

        text = reading.understood(source.report, name=readable(save_mapping.stem))
        _save_mapping(save_mapping, text, given=reading.mapping)
        click.echo(say("page_mapping_written", path=str(save_mapping)), err=True)
    if worklist is not None:
        _write_worklist(source, worklist)
    if output_format == "json":
        from reen.cli.reading_page import report_content

        emit_json(report_content(source))
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        if full:
            from reen.cli.reading_page import report_page

            return report_page(source, files, registry, screen.width)

        from reen.inventory.inventory_view import inventory_view
        from reen.vocabulary.titles import type_title

        title = partial(type_title, registry.equipment_types)
        view = inventory_view(source, title=str(files), type_title=title, typed=as_typed)
        answer = f"reen read {files.typed_with} --worklist questions.csv"
        if source.worklist:
            view = attrs.evolve(view, rests_on=(*view.rests_on, say("view_answer", typed=answer)))
        return short_page(view, screen)

    if rows_as == "csv" and output is None:
        # The rows have standard output to themselves.
        screen = Screen(sys.stderr)
        screen.show(page(screen))
        return
    emit_page(page)


def _write_worklist(inventory: reen.Inventory, path: Path) -> None:
    """Write the questions to a file that a spreadsheet opens, and say so."""
    from reen.tables.mapping.answers import worklist_table, worklist_to_csv

    questions = inventory.worklist
    if path.suffix.casefold() == ".xlsx":
        from reen.verbs.spreadsheets import write_workbook

        write_workbook({say("worklist_sheet"): worklist_table(questions)}, path)
    else:
        with writing(path, new=True) as file:
            file.write(worklist_to_csv(questions).encode())
    asked = say("page_questions", count=len(questions))
    click.echo(say("page_worklist_written", asked=asked, path=str(path)), err=True)


def _save_mapping(path: Path, text: str, *, given: Sequence[Path]) -> None:
    """Write a mapping, even over another one; what was there is kept as ``NAME.bak``."""
    known = any(is_same_file(path, each) for each in given)
    # `writing` refuses what the run has read as something else
    if not known and path.is_file() and read_before(path) is None:
        _check_mapping(path)
        known = True
    with writing(path, over_read=known) as file:
        file.write(text.encode())
        kept = kept_as(path)
    if kept is not None:
        click.echo(say("page_mapping_kept", path=str(kept)), err=True)


def _check_mapping(path: Path) -> None:
    """Refuse to write a mapping over what is none: a list, a result, somebody's thesis."""
    try:
        reen.read_mapping(path, equipment_types=installed().equipment_types)
    except reen.ReenError as error:
        message = say("error_not_over_what_is_no_mapping", path=str(path), error=str(error))
        raise click.BadParameter(message, param_hint="'--save-mapping'") from error


def _emit_rows(inventory: reen.Inventory, files: Files, output: Path | None) -> None:
    """Write the tables, or the equipment on standard output; say which rows went where."""
    from reen.inventory.holdings import linked_in_words
    from reen.inventory.table_kinds import SCHEMA_OF_KIND
    from reen.verbs.keeping import with_units, without_refused, written_paths

    places: dict[str, str] = {"equipment": ""}
    if output is not None:
        paths = written_paths(inventory, output)
        for path in paths.values():
            refuse_to_overwrite(files.paths, path)
        reen.write_inventory(inventory, output, keep_formulas=keeps_formulas())
        places = {kind: str(path) for kind, path in paths.items()}
    for kind, place in places.items():
        rows, refused = without_refused(inventory.tables[kind], SCHEMA_OF_KIND[kind])
        if output is None:
            emit(csv_of(with_units(rows, SCHEMA_OF_KIND[kind])), None)
        said = say("page_rows_of_kind", count=rows.num_rows, kind=kind)
        if refused:
            said = f"{said}; {say('page_written_nan', count=refused)}"
        click.echo(say("page_written", path=place, said=said) if place else said, err=True)
    if output is None and inventory.linked:
        click.echo(say("page_not_written", rest=joined(linked_in_words(inventory))), err=True)


def _rows_format(chosen: str | None, output: Path | None) -> str | None:
    """Return the format of the rows, None when only the report is wanted.

    Raises
    ------
    click.UsageError
        A file that is to be neither Parquet nor CSV.
    """
    named = choose_format(None, output)
    if chosen == "csv-fr" and output is not None:
        message = say("error_csv_fr_on_screen", name=output.name)
        raise click.UsageError(message, click.get_current_context())
    if chosen in ("csv", "csv-fr", "parquet"):
        return choose_format(chosen, output)
    if output is None:
        return None
    if named not in ("csv", "parquet"):
        message = say("error_rows_are_written_parquet_csv_not", name=output.name)
        raise click.UsageError(message, click.get_current_context())
    return named
