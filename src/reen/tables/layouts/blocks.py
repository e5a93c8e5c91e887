"""Blocks: several tables in one sheet, below each other or side by side.

Input: a grid without a header of its own.  Output: one grid a table.  A second table begins after a
blank row, or after a title below one, with a header that is not that of the first; or beside a
blank column, with a header on either side that the other cannot go on with.  Where nothing shows
it, the sheet stays one table.

Must not drop a cell: what stands above the header of a table and is more than titles is a table of
its own, whose rows are read or refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.reasons import Reason
from reen.tables.containers.grid import Grid
from reen.tables.headers.header_words import key_of
from reen.tables.headers.wording import WORDING_OF_KIND
from reen.tables.layouts.counts import is_count, year_of
from reen.tables.layouts.matrix import begins_matrix, find_matrix, heads_matrix
from reen.tables.layouts.matrix_lists import continues_a_list, first_list, is_row_of_types
from reen.tables.layouts.words import RECAPS, ROW_LABELS, TITLE, Words
from reen.tables.recognition.signs import refusals
from reen.tables.rows.status_of_name import status_said
from reen.tables.table import GridTable
from reen.tables.together.moments import NOW, moment_in

__all__ = ["blocks_of"]

#: Known cells that make a header, and the share of its cells that they are.
_KNOWN, _SHARE = 2, 0.6

#: Rows below a header that are looked at, rows after blank ones that may be a header, rows among
#: which the header of a table beside another one stands.
_LOOKED_AT, _MOST, _HEADER_ROWS = 40, 500, 30

#: Rows below which a table of counts below a list is looked for only where words stand among the
#: quantities of the list, and the most rows of those.
_NEAR, _MOST_WORDED = 20, 20

#: Cells of the header of a pivot table that has one column of counts.
_OF_PIVOT = 2

#: Rows of the longest sheet in which a table of counts may stand below a list.
_MOST_ROWS = 5_000

#: Cells of a row that is no title, and rows of them that are records.
_RECORD, _RECORDS = 3, 2


def blocks_of(grid: Grid, words: Words) -> list[Grid]:
    """Return the tables of a sheet, in the order in which they are read.

    Parameters
    ----------
    grid
        The sheet.
    words
        What is known of cells.
    """
    found = _split(grid, words)
    if len(found) > 1:
        found = [_titled(block) for block in found]
    return [
        block
        if not k
        else attrs.evolve(
            block,
            place=f"{grid.place}[{k + 1}]",
            remarks=tuple(each for each in block.remarks if each not in grid.remarks),
        )
        for k, block in enumerate(found)
    ]


def _titled(grid: Grid) -> Grid:
    """Return one of several tables of a sheet, with the title right above its header."""
    title = ""
    for row in _texts(grid, 0, _HEADER_ROWS):
        filled = _named(row)
        if len(filled) > 1:
            break
        title = filled[0] if filled else title
    else:
        return grid
    return attrs.evolve(grid, details={**grid.details, TITLE: title}) if title else grid


def _says_apart(title: str) -> bool:
    """Tell whether a title says that what stands below it is not added to what stands above."""
    moment = moment_in(title)
    dated = moment is not None and moment.sure and moment.key != NOW
    return dated or status_said(title) is not None or bool(RECAPS & set(key_of(title).split()))


def _split(grid: Grid, words: Words) -> list[Grid]:
    filled = np.stack([_filled(column) for column in grid.columns]) if grid.columns else None
    if filled is None or not grid.height:
        return [grid]
    rows = _starts_below(grid, filled.sum(axis=0), words)
    if rows:
        ends = [*rows, grid.height]
        parts = [_cut(grid, slice(0, rows[0]), slice(None))]
        parts += [
            _cut(grid, slice(start, end), slice(None))
            for start, end in zip(rows, ends[1:], strict=True)
        ]
        return [part for each in parts for part in _split(each, words)]
    below = _matrix_below(grid, words)
    if below is not None:
        list_of_it = _cut(grid, slice(0, below.start), slice(None))
        table = _cut(grid, slice(below.start, None), slice(None))
        table = attrs.evolve(table, remarks=(*table.remarks, *below.told))
        return [part for each in (list_of_it, table) for part in _split(each, words)]
    above = _records_above(grid, filled.sum(axis=0), words)
    if above:
        parts = [
            _cut(grid, slice(0, above), slice(None)),
            _cut(grid, slice(above, None), slice(None)),
        ]
        return [part for each in parts for part in _split(each, words)]
    columns = _starts_beside(grid, np.asarray(filled.any(axis=1)), words)
    if not columns:
        return [grid]
    ends = [*columns, grid.width]
    parts = [_cut(grid, slice(None), slice(0, columns[0]))]
    parts += [
        _cut(grid, slice(None), slice(start, end))
        for start, end in zip(columns, ends[1:], strict=True)
    ]
    return [part for each in parts for part in _split(each, words)]


def _filled(column: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(numpy_of(column.is_valid()), np.bool_)


def _cut(grid: Grid, rows: slice, columns: slice) -> Grid:
    start, stop, _ = rows.indices(grid.height)
    cells = tuple(column.slice(start, stop - start) for column in grid.columns[columns])
    return attrs.evolve(grid, columns=cells, lines=grid.lines[rows])


def _starts_below(grid: Grid, counts: npt.NDArray[np.int64], words: Words) -> list[int]:
    """Return the rows at which another table begins: its title, or its header."""
    blank = counts == 0
    after = np.flatnonzero(blank[:-1] & ~blank[1:]) + 1
    found: list[int] = []
    first: tuple[str, ...] | None = None
    for start in after[:_MOST].tolist():
        above = int(np.count_nonzero(counts[:start] > 1))
        at = start + (counts[start] == 1 and start + 1 < len(counts) and counts[start + 1] > 1)
        if above < _KNOWN or counts[at] < _KNOWN:
            continue
        rows = _texts(grid, at, at + _LOOKED_AT)
        headed = _is_header(rows[0], words) or _has_words_of_headers(rows[0], words)
        if not headed and is_row_of_types([*_texts(grid, 0, at), *rows], at, words):
            continue
        if not (headed or begins_matrix(rows, words)):
            continue
        if not headed and _continues(grid, start, rows[0], words):
            continue
        if first is None:
            first = _first_header(grid, start, words)
        if first is None and np.count_nonzero(counts[:start] >= _RECORD) >= _RECORDS:
            first = ()
        if first is None:
            return []
        titled = at > start and _says_apart(_named(_texts(grid, start, at)[0])[0])
        if titled or _named(rows[0]) != first:
            found.append(start)
            first = _named(rows[0])
    return found


def _continues(grid: Grid, start: int, cells: Sequence[str], words: Words) -> bool:
    """Tell whether a row below a blank one is a record of the list above it."""
    above = _texts(grid, 0, min(start, _HEADER_ROWS))
    return continues_a_list([*above, cells], len(above), words, least=_KNOWN)


@attrs.frozen(eq=False, repr=False)
class _Below:
    """A table of counts that follows the records of a list without a blank row.

    Attributes
    ----------
    start
        Its first row.
    told
        What is to be told of it.
    """

    start: int
    told: tuple[Reason, ...]


def _matrix_below(grid: Grid, words: Words) -> _Below | None:
    """Return the table of counts that follows the records of a list, None when there is none.

    It is one for certain where its counts stand below words of the list, such as countries; else
    its header may be an odd row of the list, which is a doubt.
    """
    if grid.height > _MOST_ROWS:
        return None
    rows = _texts(grid, 0, grid.height)
    found = first_list(rows, len(rows), words) or _headless_list(rows, words)
    if found is None or any(heads_matrix(rows, k, words) for k in range(found[1])):
        return None
    header, record = found
    for place in _worded(rows, record + 1, rows[header], words):
        blank = [""] * grid.width
        # what stands above is a record of the list, and no upper row of this header
        own = [*rows[: place - 1], blank, *rows[place:]]
        is_pivot = _heads_pivot(rows[place])
        if not (is_pivot or heads_matrix(own, place, words)):
            continue
        start = place
        while start - 1 > record and _is_title(rows[start - 1], words):
            start -= 1
        headed = header < record
        certain = headed and (is_pivot or _changes(rows, record, place))
        return _Below(start, () if certain else (_may_be_row(grid, place),))
    return None


def _headless_list(rows: Sequence[Sequence[str]], words: Words) -> tuple[int, int] | None:
    """Return the first record of a list without a header, twice, None where there is none."""
    at = next((k for k, row in enumerate(rows) if len(_named(row)) >= _KNOWN), None)
    if at is None or not any(map(words.names_a_type, _named(rows[at]))):
        return None
    counted = any(is_count(cell) and not year_of(cell) for cell in _named(rows[at]))
    return (at, at) if counted else None


def _heads_pivot(cells: Sequence[str]) -> bool:
    """Tell whether a row heads a pivot table that has one column of counts."""
    filled = _named(cells)
    return len(filled) == _OF_PIVOT and key_of(filled[0]) in ROW_LABELS


def _may_be_row(grid: Grid, place: int) -> Reason:
    return Reason("matrix_below_list", row=int(grid.lines[place]))


def _worded(
    rows: Sequence[Sequence[str]], start: int, header: Sequence[str], words: Words
) -> Iterator[int]:
    """Yield the rows below a record of a list that may be another header: no number is in them."""
    quantities = [k for k, cell in enumerate(header) if words.column_of(cell) == "quantity"]
    yielded = 0
    for place in range(start, len(rows)):
        row = rows[place]
        if place >= _NEAR:
            filled = [row[k] for k in quantities if row[k].strip()]
            if not filled or all(is_count(cell) and not year_of(cell) for cell in filled):
                continue
        cells = _named(row)
        if len(cells) < _KNOWN or any(is_count(cell) and not year_of(cell) for cell in cells):
            continue
        yield place
        yielded += place >= _NEAR
        if yielded == _MOST_WORDED:
            return


def _is_title(cells: Sequence[str], words: Words) -> bool:
    """Tell whether a row has one cell that is no type: the title of the table below it."""
    filled = _named(cells)
    return len(filled) <= 1 and not any(map(words.names_a_type, filled))


def _changes(rows: Sequence[Sequence[str]], record: int, place: int) -> bool:
    """Tell whether a column has words in the records above a header, and counts alone below it."""
    columns = zip(*rows, strict=True)
    for column in columns:
        above, below = _named(column[record:place]), _named(column[place + 1 :])
        worded = bool(above) and not any(map(_has_digits, above))
        if worded and below and all(map(is_count, below)):
            return True
    return False


def _has_digits(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _records_above(grid: Grid, counts: npt.NDArray[np.int64], words: Words) -> int:
    """Return the row at which the table of a sheet begins below another one, 0 when none does.

    One row of several cells may stand above a header, to name groups of its columns.
    """
    header = GridTable.of(grid, words.known).start - 1
    if header <= _RECORDS or np.count_nonzero(counts[: header - 1] >= _RECORD) < _RECORDS:
        return 0
    if find_matrix(_texts(grid, 0, _LOOKED_AT), words) is not None:
        return 0
    start = header - (counts[header - 1] >= _RECORD)
    while counts[start - 1] <= 1:
        start -= 1
    return int(start)


def _first_header(grid: Grid, stop: int, words: Words) -> tuple[str, ...] | None:
    """Return the header of the table above a row, None when there is none."""
    rows = _texts(grid, 0, min(stop, _HEADER_ROWS))
    for place, row in enumerate(rows):
        if _is_header(row, words) or begins_matrix(rows[place:], words):
            return _named(row)
    return None


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, (cell.strip() for cell in cells)))


def _is_header(cells: Sequence[str], words: Words) -> bool:
    filled = _named(cells)
    if any(is_count(cell) and not year_of(cell) for cell in filled):
        return False
    known = words.known(filled)
    return len(set(known)) >= _KNOWN and len(known) >= _SHARE * len(filled)


def _has_words_of_headers(cells: Sequence[str], words: Words) -> bool:
    """Tell whether a row has words of headers, of whatever kind of table.

    What lacks the columns of its kind, or is no inventory, is another table all the same.
    """
    filled = _named(cells)
    if any(map(words.names_a_type, filled)) or any(map(is_count, filled)):
        return False
    keys = frozenset(map(key_of, filled))
    if any(refusal.headers_of(keys) for refusal in refusals()):
        return True
    known = set(filter(_heads_any_table, keys))
    return len(known) >= _KNOWN and len(known) >= _SHARE * len(filled)


def _heads_any_table(key: str) -> bool:
    return any(key in wording.headers for wording in WORDING_OF_KIND.values())


def _starts_beside(grid: Grid, used: npt.NDArray[np.bool_], words: Words) -> list[int]:
    """Return the columns at which another table begins, beside a blank one."""
    starts = [0, *(np.flatnonzero(~used[:-1] & used[1:]) + 1).tolist()]
    if len(starts) == 1:
        return []
    ends = [*starts[1:], grid.width]
    rows = _texts(grid, 0, _HEADER_ROWS + _LOOKED_AT)
    tables: list[_Side] = []
    for start, end in zip(starts, ends, strict=True):
        own = [row[start:end] for row in rows]
        heads = (
            k
            for k, row in enumerate(own[:_HEADER_ROWS])
            if len(_named(row)) >= _KNOWN
            and (
                _is_header(row, words)
                or begins_matrix(own[k:], words)
                or _has_words_of_headers(row, words)
            )
        )
        header = next(heads, None)
        if header is None:
            continue
        side = _Side.of(start, header, own, words)
        if not tables or not tables[-1].goes_on_in(side):
            tables.append(side)
    return [side.start for side in tables[1:]]


@attrs.frozen(eq=False, repr=False)
class _Side:
    """Columns between two blank ones, which have a header of their own.

    Attributes
    ----------
    start, header
        First column, and row of the header.
    columns
        Canonical columns that the header names; None where it names other things.
    rows
        Rows below the header in which something stands.
    """

    start: int
    header: int
    columns: frozenset[str] | None
    rows: frozenset[int]

    @classmethod
    def of(cls, start: int, header: int, rows: Sequence[Sequence[str]], words: Words) -> _Side:
        """Return the side that begins at a column, `rows` being its cells."""
        columns = frozenset(map(words.column_of, _named(rows[header]))) - {""}
        below = frozenset(k for k, row in enumerate(rows) if k > header and _named(row))
        known = columns if _is_header(rows[header], words) else None
        return cls(start, header, known, below)

    def goes_on_in(self, other: _Side) -> bool:
        """Tell whether the columns beyond a blank one are of the same table.

        So they are when one row heads both, no column stands on either side, and the same rows do
        (half of them at least, since some columns are seldom filled), or one side has none.
        """
        if self.header != other.header or self.columns is None or other.columns is None:
            return False
        if self.columns & other.columns:
            return False
        both, all_of_them = self.rows & other.rows, self.rows | other.rows
        return not (self.rows and other.rows) or 2 * len(both) >= len(all_of_them)


def _texts(grid: Grid, start: int, stop: int) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in grid.rows(start, stop)]
