"""List tables: the rows of lists inside records as tables of their own, with their record's id.

Input: the lists of a grid that was unfolded, and the table that its records became.  Output: for
each list the table to read, with the options by which it is read, and an account of the rows that
are no assets: parts of a record that is not counted, rows that the mapping sets aside, lists that
nothing names.

Reads no table itself; which kinds there are is the reader's.
"""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.account import AccountLine, Fate
from reen.reasons import Reason
from reen.tables.containers.grid import RECORD, Grid
from reen.tables.headers.header_words import key_of
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapping.mapping import FileMapping, ListRule, RowRule, TableMapping
from reen.tables.rows.said import words_of_rule
from reen.tables.sheet import Sheet

if TYPE_CHECKING:
    from reen.tables.inner_lists import InnerList

__all__ = ["ListTable", "kept_rows", "list_tables"]

#: Column of a kind of table that has the id of the record a row lies in.
_ID_OF_RECORD = {"equipment": "parent_id", "virtual_machines": "host_id"}
#: What a row has in common with its record, by kind: it stands where that one stands.
_OF_RECORD = {
    "equipment": ("entity", "site", "country", "last_seen"),
    "virtual_machines": ("entity",),
}


@attrs.frozen(eq=False, repr=False)
class ListTable:
    """A list inside records, on its way to a table.

    Attributes
    ----------
    place
        File, with the path of the list.
    aside
        What became of the rows that are no assets.
    kind
        Kind of table of the others; empty when there are none.
    grid, options
        Those rows, and the options by which they are read.
    """

    place: str
    aside: tuple[AccountLine, ...] = ()
    kind: str = ""
    grid: Grid | None = None
    options: ReadOptions | None = None

    def line(self, reason: str, rows: int) -> AccountLine:
        """Return the account of some rows that are set aside."""
        return AccountLine(source=self.place, fate=Fate.SET_ASIDE, reason=Reason(reason), rows=rows)

    def with_aside(self, counts: Mapping[str, int]) -> ListTable:
        """Return the list with the account of rows that are set aside, by reason."""
        lines = tuple(self.line(reason, rows) for reason, rows in counts.items() if rows)
        return attrs.evolve(self, aside=lines)


def kept_rows(rule: ListRule, rows: Grid) -> Grid:
    """Return the rows of a list that its rule does not set aside, whatever their record is."""
    sheet, header = _sheet(rows)
    kept = np.ones(rows.height, np.bool_)
    for one in rule.set_aside:
        if not one.record:
            kept &= ~_mask(sheet, header, one)
    return _chosen(rows, kept)


def list_tables(
    lists: Sequence[InnerList],
    part: Imported | None,
    options: ReadOptions,
    tool: FileMapping | None,
) -> Iterator[ListTable]:
    """Yield what the lists inside the records of a table become.

    Parameters
    ----------
    lists
        The lists.
    part
        The table that the records became; None when they were not read.
    options
        What the user says.
    tool
        The mapping of the tool, whose name and digest those of the lists have.
    """
    records = _Records.of(part, options)
    for one in lists:
        yield _list_table(one, records, options, tool)
        for deeper in one.rows.lists_inside():
            yield ListTable(deeper.place).with_aside({"row_inside_record": deeper.height})


@attrs.frozen(eq=False, repr=False)
class _Records:
    """The records that are counted: the row of each by its line, and their columns."""

    rows: Mapping[str, int]
    table: pa.Table
    options: ReadOptions

    @classmethod
    def of(cls, part: Imported | None, options: ReadOptions) -> _Records:
        table = pa.table({}) if part is None else part.table
        known = "source_row" in table.column_names
        lines = table["source_row"].to_pylist() if known else []
        return cls({str(line): at for at, line in enumerate(lines)}, table, options)

    def texts(self, name: str) -> Sequence[str | None]:
        """Return a column as text, types resolved; blank where it is not there."""
        if name not in self.table.column_names:
            return [None] * len(self.rows)
        column: list[str | None] = self.table[name].cast(pa.string()).to_pylist()
        if name != "equipment_type":
            return column
        resolve = self.options.equipment_types.resolve
        return [None if word is None else resolve(word) or word for word in column]


def _list_table(
    one: InnerList, records: _Records, options: ReadOptions, tool: FileMapping | None
) -> ListTable:
    rows, rule = one.rows, one.rule or ListRule(path=one.path)
    sheet, header = _sheet(rows)
    around = np.array(
        [records.rows.get(text, -1) for text in rows.columns[0].to_pylist()], np.int64
    )
    left = np.ones(rows.height, np.bool_)
    counts: Counter[str] = Counter()
    reasons: list[tuple[str, npt.NDArray[np.bool_]]] = []
    if rule.kind:
        reasons.append(("row_of_record_not_counted", around < 0))
    reasons += [
        (each.reason, _mask(sheet, header, each) & _of_records(each, records, around))
        for each in rule.set_aside
    ]
    for reason, mask in reasons:
        counts[reason] += int(np.count_nonzero(mask & left))
        left &= ~mask
    if not rule.kind:
        counts["row_inside_record"] += int(np.count_nonzero(left))
        left[:] = False
    found = ListTable(rows.place).with_aside(counts)
    if not left.any():
        return found
    grid = _with_record(_chosen(rows, left), rule, records, around[left])
    by_rule = _options_for(rule, rows, options, tool)
    return attrs.evolve(found, kind=rule.kind, grid=grid, options=by_rule)


def _sheet(rows: Grid) -> tuple[Sheet, dict[str, int]]:
    """Return the cells of a list, and the place of each header."""
    header = rows.header or ()
    keys = {key_of(name): at for at, name in reversed(list(enumerate(header))) if at}
    return Sheet(dict(enumerate(rows.columns)), rows.lines), keys


def _mask(sheet: Sheet, header: Mapping[str, int], rule: RowRule) -> npt.NDArray[np.bool_]:
    """Return which rows a rule names; a column that no row has is blank in all."""
    at = header.get(key_of(rule.header))
    if at is not None:
        return words_of_rule(sheet.words(at), rule)
    blank = pa.nulls(len(sheet), pa.string()).dictionary_encode()
    return words_of_rule(blank, rule)


def _of_records(
    rule: RowRule, records: _Records, around: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return which rows lie in a record of the values that a rule names."""
    found = np.ones(len(around), np.bool_)
    for column, values in rule.record.items():
        words = [*records.texts(column), None]  # the last is that of a record that is not counted
        found &= np.array([word in values for word in words], np.bool_)[around]
    return found


def _chosen(rows: Grid, mask: npt.NDArray[np.bool_]) -> Grid:
    chosen = pa.array(mask)
    columns = tuple(column.filter(chosen) for column in rows.columns)
    return attrs.evolve(rows, columns=columns, lines=rows.lines[mask], inner=())


def _with_record(
    rows: Grid, rule: ListRule, records: _Records, around: npt.NDArray[np.int64]
) -> Grid:
    """Return rows with the id of their record, and what they have in common with it."""
    own = {key_of(name) for name in rows.header or ()}
    own |= {each.column for each in rule.columns.values()}
    added = {}
    places = pa.array(around)
    if rule.kind in _ID_OF_RECORD:
        added[_ID_OF_RECORD[rule.kind]] = "id"
    added |= {name: name for name in _OF_RECORD.get(rule.kind, ()) if name not in own}
    columns = {
        name: pc.take(pa.array(records.texts(source), pa.string()), places)
        for name, source in added.items()
        if source in records.table.column_names
    }
    return attrs.evolve(
        rows,
        columns=(*rows.columns[1:], *columns.values()),
        header=(*(rows.header or ())[1:], *columns),
    )


def _options_for(
    rule: ListRule, rows: Grid, options: ReadOptions, tool: FileMapping | None
) -> ReadOptions:
    """Return the options by which a list is read: by its rule alone, beside what the user says."""
    table = TableMapping(
        kind=rule.kind,
        sheets=(glob.escape(rows.details["list"]),),
        columns=rule.columns,
        constants=rule.constants,
    )
    source = tool or FileMapping(name=RECORD)
    mapping = attrs.evolve(source, shared=TableMapping(), tables=(table,))
    return attrs.evolve(options, columns={}, mappings=(mapping,))
