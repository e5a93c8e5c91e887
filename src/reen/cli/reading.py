"""The command `read`: how a file was understood, and the same rows in canonical form.

Input: a file of any format that an importer knows.  Output: the report of the read, and on request
the rows as Parquet or CSV.  Changes no figure; what was refused is said and marked, never mended.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import attrs
import click
import pyarrow as pa
from rich.console import RenderableType
from rich.text import Text

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
from reen.cli.tables import count, hang, heading, joined, series, table, unit_text
from reen.cli.worklists import worklist_page
from reen.gate.reads import is_same_file, read_before
from reen.gate.writing import kept_as, writing
from reen.inventory.holdings import WORST, holdings_of, linked_in_words
from reen.inventory.inventory_view import inventory_view
from reen.inventory.kinds import SCHEMA_OF_KIND
from reen.plugin import Registry
from reen.reasons import has_sentence, say, spoken, title_of
from reen.tables.files import readable
from reen.tables.mapping.answers import worklist_table, worklist_to_csv
from reen.types import Account, ReadReport
from reen.verbs.keeping import with_units, without_refused, written_paths
from reen.verbs.spreadsheets import write_workbook
from reen.vocabulary.titles import status_title, type_title

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
        text = reading.understood(source.report, name=readable(save_mapping.stem))
        _save_mapping(save_mapping, text, given=reading.mapping)
        click.echo(say("page_mapping_written", path=str(save_mapping)), err=True)
    if worklist is not None:
        _write_worklist(source, worklist)
    if output_format == "json":
        emit_json(_content(source))
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        if full:
            return _report_page(source, files, registry, screen.width)
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
    questions = inventory.worklist
    if path.suffix.casefold() == ".xlsx":
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


# -- the report ------------------------------------------------------------------------------


def _reports(source: reen.Inventory) -> tuple[ReadReport, ...]:
    if source.linked:
        return source.reports
    return (source.report,) if source.report is not None else ()


#: What a row is, by kind of table beside the equipment: for programs; people read `found_...`.
_NOUNS = {
    "datacenters": "data centre",
    "virtual_machines": "virtual machine",
    "applications": "application",
    "purchases": "purchase",
    "disposals": "disposal",
    "headcount": "headcount",
    "energy_readings": "energy reading",
    "repairs": "repair",
    "contracts": "contract",
    "events": "event",
    "projects": "project",
    "connected_objects": "line of connected objects",
    "last_seen": "last contact",
    "maturity": "answer on maturity",
    "services": "service",
}


def _report_page(
    source: reen.Inventory, files: Files, registry: Registry, width: int
) -> Iterator[RenderableType]:
    """Yield what can be measured, what became of the rows, what there is, and how it was read."""
    reports = _reports(source)
    yield heading(str(files))
    yield from worklist_page(source.worklist, files, width)
    yield from _rows(source.account, width)
    yield from _equipment(source, registry)
    if linked := linked_in_words(source):
        yield Text(say("page_and_linked", rest=joined(linked)))
    for report in reports:
        yield Text("")
        yield heading(report.source)
        yield from _how(report, registry, width)
        yield from _columns(report, source.tables[report.kind], width)
    assumptions = [str(each) for report in reports for each in report.assumptions]
    if assumptions:
        yield Text("")
        yield heading(say("page_read_assumed"))
        yield from (hang(each, width=width, first="- ") for each in assumptions)
    yield Text("")
    if not source.issues:
        yield heading(say("page_nothing_odd"))
        return
    yield heading(say("page_issues", count=sum(issue.count for issue in source.issues)))
    worst = sorted(source.issues, key=lambda issue: (WORST.index(issue.severity), -issue.count))
    yield from (hang(as_typed(str(issue)), width=width, first="- ") for issue in worst)


def _rows(account: Account, width: int) -> Iterator[RenderableType]:
    """Yield what became of the rows of each file, and which were merged into which."""
    yield Text("")
    yield heading(say("page_rows_head"))
    for line in str(account).splitlines():
        yield hang(line, width=width, rest="  ")
    for merge in account.merges:
        other = "_other" if merge.into_source != merge.source else ""
        said = say(
            f"page_merged{other}",
            source=merge.source,
            row=merge.row,
            into=merge.into_row,
            why=str(merge.reason),
            **({"other": merge.into_source} if other else {}),
        )
        yield hang(said, width=width, first="- ")


def _how(report: ReadReport, registry: Registry, width: int) -> Iterator[RenderableType]:
    importer = registry.importers.get(report.importer)
    name = report.importer
    if importer is not None:
        code = f"importer_{name.replace('-', '_')}"
        title = say(code) if has_sentence(code) else importer.title
        name = say("page_titled", name=name, title=title)
    details = [_detail(key, value) for key, value in report.details.items()]
    mappings = [say("page_mapping", name=each) for each in report.mappings]
    said = series([say("page_read_by", name=name), *details, *mappings])
    yield hang(said, width=width, rest="  ")


def _detail(key: str, value: str) -> str:
    """Return a detail of how a file was read: ``header line 2``, ``day first``."""
    head, mark, column = key.partition(" in ")
    said = ", ".join(_word("said", each) for each in value.split(", ")) if value != "," else value
    if mark and head == "order":
        return say("detail_order", column=column, order=said)
    if key == "kind":
        kind, _, told = value.partition(" ")
        return f"{_word('detail', key)} {_word('kind', kind)} {told}".rstrip()
    return f"{_word('detail', key)} {said}"


def _word(prefix: str, key: str) -> str:
    """Return the words for a key, or the key."""
    code = f"{prefix}_{key.replace(' ', '_')}"
    return say(code) if has_sentence(code) else key


def _columns(report: ReadReport, rows: pa.Table, width: int) -> Iterator[RenderableType]:
    yield Text("")
    yield heading(say("page_columns"))
    made = table(say("page_in_file"), say("page_read_as"), say("page_unit"))
    units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in rows.schema}
    for column, header in report.mapped.items():
        unit = units.get(column, "")
        made.add_row(header, _column(column), "" if unit == "1" else unit_text(unit))
    yield made
    for said, headers in (
        (say("page_kept"), report.kept),
        (say("page_not_kept"), report.left_out),
        (_joining(rows), report.joining),
    ):
        if headers:
            named = say("page_colon", name=said, text=", ".join(headers))
            yield hang(named, width=width, rest="  ")


def _column(name: str) -> str:
    """Return a column by its key, and by what people call it where that differs."""
    code = f"parameter_{name}"
    if spoken() == "en" or not has_sentence(code):
        return name
    return say("page_titled", name=name, title=say(code))


def _joining(rows: pa.Table) -> str:
    """Return what became of the columns that name persons or their devices."""
    hashed = {"name", "user_id"} & set(rows.column_names)
    return say("page_names_hashed" if hashed else "page_names_not_kept")


def _equipment(inventory: reen.Inventory, registry: Registry) -> Iterator[RenderableType]:
    holdings = holdings_of(inventory)
    with_status = any(status for _, status in holdings)
    heads = ["page_type", *(["page_status"] if with_status else [])]
    columns = [
        say(code) for code in (*heads, "page_items_head", "page_rows_head", "page_not_known")
    ]
    made = table(*columns, right=columns[-3:])
    types = registry.equipment_types
    for (kind, status), holding in holdings.items():
        title = title_of(types[kind]) if kind in types else kind or say("page_without_type")
        said = status_title(status) if status else say("page_without_status")
        cells = [title, *([said] if with_status else [])]
        items = "" if holding.unknown == holding.rows else count(holding.quantity)
        unknown = say("account_rows", count=holding.unknown) if holding.unknown else ""
        made.add_row(*cells, items, count(holding.rows), unknown)
    yield Text("")
    yield heading(say("page_equipment"))
    yield made
    total = sum(holding.quantity for holding in holdings.values())
    unsaid = sum(holding.unknown for holding in holdings.values())
    whole = int(total) if float(total).is_integer() else round(total, 2)
    items, rows = say("page_items", count=whole), say("account_rows", count=len(inventory))
    said = say("page_in_all", items=items, rows=rows)
    yield Text(f"{said}, {say('page_rows_unknown', count=unsaid)}" if unsaid else said)


def _content(source: reen.Inventory) -> dict[str, object]:
    """Return the report as JSON types."""
    inventory = source
    return {
        "reports": [
            attrs.asdict(report) | {"assumptions": [each.text("en") for each in report.assumptions]}
            for report in _reports(source)
        ],
        "columns": inventory.table.column_names,
        "equipment": [
            {
                "equipment_type": kind or None,
                "status": status or None,
                "quantity": holding.quantity if holding.rows > holding.unknown else None,
                "rows": holding.rows,
                "rows_of_unknown_quantity": holding.unknown,
            }
            for (kind, status), holding in holdings_of(inventory).items()
        ],
        "linked": {
            noun: source.linked[kind].num_rows
            for kind, noun in _NOUNS.items()
            if kind in source.linked
        },
        "account": source.account.to_dict(),
        "worklist": source.worklist.to_dict(),
        "issues": [issue.to_dict() for issue in source.issues],
    }
