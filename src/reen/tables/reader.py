"""The reader of tables: any container, any number of tables, each as what it is.

Input: a path, or bytes with a name.  Output: one `Imported` per table, with its kind.  Every row of
every table is accounted for: what is no inventory, and what nobody can tell, is counted and named.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from reen.errors import EmptyInventoryError, InventoryError, OptionError
from reen.inventory.account import AccountLine, Fate, counted_reason
from reen.inventory.issues import Issue
from reen.reasons import Reason, joined
from reen.tables.assets import read_assets
from reen.tables.containers import ArrowFile, Grid, Skipped, TextFile, open_container
from reen.tables.files import Repeated, readable
from reen.tables.headers.header_words import key_of
from reen.tables.headers.told_by_cells import told_by_cells
from reen.tables.headers.understanding import heads_devices, recognise
from reen.tables.headers.wording import EQUIPMENT_WORDING, WORDING_OF_KIND, Wording
from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
from reen.tables.kind_of_table import kind_of, told_kind
from reen.tables.layouts.plain_lists import tables_of_sheet, tables_of_text
from reen.tables.layouts.words import Words
from reen.tables.mapped import (
    check_given,
    dated_by_name,
    header_line_said,
    mapped_wording,
    recognise_mapped,
    year_wanted,
)
from reen.tables.mapping.mapping import FileMapping
from reen.tables.recognition.kinds import known_columns
from reen.tables.rows.mending import knows
from reen.tables.table import GridTable, Table, TextTable
from reen.vocabulary.countries import resolve_country

if TYPE_CHECKING:
    from reen.tables.inner_lists import InnerList

__all__ = ["TableReader", "error_of", "read_tables"]

#: Remark on a file of an archive whose content another one has.
_REPEATED = "member_repeated"

#: Columns that say what the equipment is.
_NEED = frozenset({"equipment_type", "model"})

#: Parts passed over that an error names.
_SHOWN = 3


@attrs.frozen(eq=False, repr=False)
class TableReader:
    """Reader of tables in any container: text, workbooks, JSON, XML, archives, Parquet, Arrow."""

    name: str = attrs.field(default="table", init=False)
    title: str = attrs.field(
        default="CSV, Excel, OpenDocument, JSON, XML and zip, in French or English", init=False
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file."""
        from reen.tables.sniffing import sniff_table

        return sniff_table(sample)

    def read(self, path: Path, options: ReadOptions) -> list[Imported]:
        """Read a file: one part per table.

        Raises
        ------
        EmptyInventoryError
            The file is empty, or none of its rows is a record of any kind.
        FileFormatError
            The file holds no table that can be read.
        InventoryError
            No header is known, or two claim one column.
        OptionError
            An encoding, delimiter or country that does not exist.
        """
        return self.read_contents([(readable(path.name), path)], options)

    def read_contents(
        self, files: Iterable[tuple[str, bytes | Path]], options: ReadOptions
    ) -> list[Imported]:
        """Read some files as one, such as those of a folder.

        Parameters
        ----------
        files
            The name of each, which stands in messages, and its bytes or path.
        options
            What the user says.

        Raises
        ------
        ReenError
            As `read`, when no table of any file lists equipment.
        """
        tables, error = self.tables_and_error(files, options)
        if error is not None:
            raise error
        return tables

    def tables_and_error(
        self, files: Iterable[tuple[str, bytes | Path]], options: ReadOptions
    ) -> tuple[list[Imported], InventoryError | None]:
        """Return the tables of `read_contents`; where it would raise, what it looked at, and why.

        Other files may list equipment all the same: these tables then name the rows that do not.

        Raises
        ------
        ReenError
            A file that cannot be opened, an option that cannot be.
        """
        if options.country is not None and resolve_country(options.country) is None:
            raise OptionError("read", "country", options.country, Reason("error_country"))
        return _tables_and_error(files, options, None)


def read_tables(
    files: Iterable[tuple[str, bytes | Path]],
    options: ReadOptions,
    wording: Wording | None = None,
) -> list[Imported]:
    """Read the tables in some files.

    Parameters
    ----------
    files
        The name of each, which stands in messages, and its bytes or path.
    options
        What the user says.
    wording
        The kind that every table is said to be; without it each is read as what it is.

    Raises
    ------
    EmptyInventoryError
        The files are empty, or none of their rows is a record.
    FileFormatError
        A file holds no table that can be read.
    InventoryError
        No table has the columns that must be there, or two columns claim one meaning.
    """
    tables, error = _tables_and_error(files, options, wording)
    check_given(options.columns, tables)
    if error is not None:
        raise error
    return tables


def _tables_and_error(
    files: Iterable[tuple[str, bytes | Path]], options: ReadOptions, wording: Wording | None
) -> tuple[list[Imported], InventoryError | None]:
    """Return the tables in some files, and why none of them is read where that is so."""
    parts: list[Imported] = []
    others: list[Imported] = []
    errors: list[InventoryError] = []
    names: list[str] = []
    for name, data in files:
        names.append(name)
        for content in open_container(name, data):
            if isinstance(content, Skipped):
                from reen.tables.unread import skipped

                others.append(skipped(content))
                continue
            document = _unfolded(content, options, wording)
            try:
                tables = _tables_of(document.content, options, wording)
            except EmptyInventoryError as error:
                from reen.tables.unread import empty

                errors.append(error)
                others.append(empty(document.content.place))
                continue
            part = None
            for table in tables:
                # a list of telephone lines with their telephones lists these
                known = told_by_cells(table, options, EQUIPMENT_WORDING)
                verdict = kind_of(table, options if wording else known, wording)
                if verdict.refused or (verdict.rivals and not verdict.kind):
                    from reen.tables.unread import no_inventory

                    other = no_inventory(table, verdict)
                    others.append(attrs.evolve(other, headers=table.header))
                    continue
                as_what = wording or WORDING_OF_KIND.get(verdict.kind, EQUIPMENT_WORDING)
                try:
                    part = told_kind(_read_table(table, options, as_what), verdict)
                    parts.append(part)
                except (EmptyInventoryError, InventoryError) as error:
                    errors.append(_with_lists(error, document.lists))
                    from reen.tables.unread import unread

                    other = unread(table, as_what, verdict, error)
                    others.append(attrs.evolve(other, headers=table.header))
            if document.lists:
                found, aside = _read_lists(document, part, options, wording)
                parts += found
                others += aside
    # nothing was bought or thrown away in some year; an inventory without equipment is none
    asked = wording is not None and wording is not EQUIPMENT_WORDING
    if parts and (asked or any(part.table.num_rows or _is_empty_of_many(part) for part in parts)):
        return _with_copies([*_settled(parts, options), *others]), None
    errors += [EmptyInventoryError(_no_equipment(part)) for part in parts]
    why = _error_of(errors, others, ", ".join(names), wording or EQUIPMENT_WORDING)
    return [*parts, *others], why


def _settled(parts: list[Imported], options: ReadOptions) -> list[Imported]:
    """Return the tables of a fleet without what stands there twice: choices, years, sums."""
    if len(parts) < 2:  # noqa: PLR2004 - one table repeats none
        return parts
    from reen.tables.together.recapitulation import settle_recapitulations

    fleet = [part for part in parts if part.kind == EQUIPMENT_WORDING.schema.name]
    if len(fleet) > 1:  # a single one may count other records all the same
        from reen.tables.together.choices import settle_choices, settle_plans
        from reen.tables.together.yearly_tables import choose_years

        kind = fleet[0].kind
        if any(settle_plans(part) is part for part in fleet):  # beside what is there
            parts = [settle_plans(part) if part.kind == kind else part for part in parts]
        parts = [settle_choices(part) if part.kind == kind else part for part in parts]
        parts = choose_years(parts, year_wanted(options))
        if any(issue.reason.code == "equipment_beside" for part in fleet for issue in part.issues):
            from reen.tables.together.doubts import settle_beside

            parts = settle_beside(parts, options.equipment_types.resolve)
    return settle_recapitulations(parts, options.equipment_types.resolve)


def _with_copies(parts: list[Imported]) -> list[Imported]:
    """Return tables, and those of the files of an archive that have the content of another one."""
    told = [issue for part in parts for issue in part.issues if issue.reason.code == _REPEATED]
    if not told:
        return parts
    from reen.tables.together.repeated_files import tables_of_copies

    pairs = ((issue.source, str(issue.reason.detail("first"))) for issue in told)
    copies = [Repeated(copy, first, names=(copy, first)) for copy, first in pairs]
    return [*parts, *tables_of_copies(parts, copies)]


def _is_empty_of_many(part: Imported) -> bool:
    """Tell whether a table is an empty file of a tool that writes several for one system."""
    return bool(part.unique) and not part.rows_read


def error_of(errors: Sequence[InventoryError]) -> InventoryError:
    """Return what is wrong with each of some tables, or files, as one error."""
    if len(errors) == 1:
        return errors[0]
    said = joined([error.said for error in errors], "joined_by_line")
    return InventoryError(Reason("error_of_each_table", errors=said))


def _error_of(
    errors: Sequence[InventoryError], others: Sequence[Imported], names: str, wording: Wording
) -> InventoryError:
    """Return why no table is read: what is wrong with each, or that there is none."""
    if errors:
        return error_of(errors)
    passed_over = [issue for part in others for issue in part.issues]
    if passed_over:
        return EmptyInventoryError(_holds_nothing(passed_over, wording))
    return EmptyInventoryError(_is_empty(names, wording))


def _with_lists(error: InventoryError, lists: Sequence[InnerList]) -> InventoryError:
    """Return an error about records that hold lists, which may be the equipment, by name."""
    if not lists:
        return error
    names = ", ".join(f"{one.path} ({one.rows.height})" for one in lists)
    return type(error)(Reason("error_lists_inside", error=error.said, lists=names))


def _no_equipment(part: Imported) -> Reason:
    """Say what the rows of a table without equipment are."""
    account = part.uncounted
    kinds = [
        Reason("error_rows_of", count=line.rows, why=counted_reason(line.reason, line.rows))
        for line in account.lines
        if line.reason is not None and line.fate is Fate.SET_ASIDE
    ]
    if refused := account.rows_of(Fate.REFUSED):
        kinds.append(Reason("error_rows_refused", count=refused))
    first = Reason("error_first_issue", issue=part.issues[0].said) if part.issues else ""
    return Reason(
        "error_no_row_is_equipment",
        source=part.report.source,
        count=part.rows_read,
        kinds=joined(kinds),
        first=first,
    )


def _holds_nothing(skipped: Sequence[Issue], wording: Wording) -> Reason:
    """Say why no part of the files is read."""
    shown = [joined([one.source, one.reason], "joined_by_space") for one in skipped[:_SHOWN]]
    if len(skipped) > _SHOWN:
        shown.append(Reason("error_and_more", count=len(skipped) - _SHOWN))
    said = joined(shown, "joined_by_semicolon")
    return Reason("error_nothing_to_read", shown=said, row=Reason(wording.row))


def _is_empty(place: str, wording: Wording) -> Reason:
    return Reason("error_file_is_empty", place=place, row=Reason(wording.row))


def _read_table(table: Table, options: ReadOptions, wording: Wording) -> Imported:
    if not any(cell.strip() for cell in table.header):
        raise EmptyInventoryError(_is_empty(table.source, wording))
    if wording is EQUIPMENT_WORDING:
        part = read_assets(table, options)
    else:
        from reen.tables.record_rows import read_record_rows

        part = read_record_rows(table, options, wording)
    return attrs.evolve(part, kind=wording.schema.name, headers=table.header)


def _tables_of(
    content: Grid | TextFile | ArrowFile, options: ReadOptions, wording: Wording | None
) -> Sequence[Table]:
    """Return the tables of a grid, of a text or of an Arrow file."""
    wordings = {
        kind: dated_by_name(each, content.place, options) for kind, each in WORDING_OF_KIND.items()
    }

    # a row is looked at for more than one layout, and a header stands above more than one table
    @functools.cache
    def columns_of(cells: tuple[str, ...]) -> list[str]:
        if wording is None:
            fleet = recognise_mapped(cells, content.place, options, EQUIPMENT_WORDING)
            columns = known_columns(cells, fleet, wordings)
            # what its cells are is told once it is known to be the header
            may_head = _NEED.isdisjoint(columns) and heads_devices(cells)
            return [*columns, "model"] if may_head else columns
        return recognise_mapped(cells, content.place, options, wording)

    def known(cells: Sequence[str]) -> list[str]:
        return [*columns_of(tuple(cells))]

    @functools.cache
    def column_of(cell: str) -> str:
        as_what = mapped_wording(wording or EQUIPMENT_WORDING, [cell], content.place, options)
        return next(iter(recognise([cell], options.columns, as_what)), "")

    resolve = options.equipment_types.resolve
    sums = frozenset(map(key_of, options.mapping.sum_words if options.mapping else ()))
    words = Words(
        known,
        column_of,
        lambda word: resolve(word) is not None,
        content.place,
        lambda word: key_of(word) in sums,
    )
    if isinstance(content, ArrowFile):
        from reen.tables.arrow_grid import grid_of_arrow

        content = grid_of_arrow(content, options.limits)
    line = header_line_said(content.place, options)
    if isinstance(content, Grid):
        if content.header is not None or line:
            return [GridTable.of(content, known, header_line=line)]
        return tables_of_sheet(content, words)
    text = TextTable.of(
        content,
        known,
        encoding=options.encoding,
        delimiter=options.delimiter,
        known=knows(options, *([wording] if wording else WORDING_OF_KIND.values())),
        header_line=line,
    )
    return [text] if line else tables_of_text(text, words) or [text]


@attrs.frozen(eq=False, repr=False)
class _Document:
    """A content, with the lists inside its records apart."""

    content: Grid | TextFile | ArrowFile
    lists: tuple[InnerList, ...] = ()
    tool: FileMapping | None = None


def _unfolded(
    content: Grid | TextFile | ArrowFile, options: ReadOptions, wording: Wording | None
) -> _Document:
    """Return the records of a document as the mappings combine what lies inside them."""
    if not isinstance(content, Grid) or content.header is None:
        return _Document(content)
    from reen.tables.inner_lists import unfold
    from reen.tables.list_tables import kept_rows

    kind = wording or EQUIPMENT_WORDING
    layers = mapped_wording(kind, content.header, content.place, options).layers
    if layers is None:
        return _Document(content, unfold(content, {}, ()).lists)
    rules = {key: laid.rule for key, laid in layers.columns.items()}
    found = unfold(content, rules, layers.lists, kept_rows)
    return _Document(found.grid, found.lists, layers.choice.tool if layers.choice else None)


def _read_lists(
    document: _Document, part: Imported | None, options: ReadOptions, wording: Wording | None
) -> tuple[list[Imported], list[Imported]]:
    """Return the tables that lie inside records, and one of what became of all other rows there.

    Parameters
    ----------
    document
        The records, and the lists inside them.
    part
        The table that the records became; None when they were not read.
    options, wording
        As in `read_tables`.
    """
    from reen.tables.list_tables import list_tables
    from reen.tables.unread import nothing, unread

    parts: list[Imported] = []
    aside: list[AccountLine] = []
    for one in list_tables(document.lists, part, options, document.tool):
        aside += one.aside
        if one.grid is None or one.options is None:
            continue
        as_what = WORDING_OF_KIND.get(one.kind)
        if as_what is None or wording not in (None, as_what):
            aside.append(one.line("row_inside_record", one.grid.height))
            continue
        for table in _tables_of(one.grid, one.options, as_what):
            try:
                parts.append(_read_table(table, one.options, as_what))
            except (EmptyInventoryError, InventoryError):
                parts.append(unread(table, as_what))
    place = document.content.place
    return parts, [nothing(place, lines=tuple(aside))] if aside else []
