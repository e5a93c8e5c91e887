"""Rows above a header: what looks like a record there was sorted upwards with the rest of a list.

Input: a table whose header is not its first line.  Output: the lines above it that are made like
its first record.  Titles and the dates of an export are not: they fill other cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.tables.delimited.dialect import split_record
from reen.tables.table import GridTable, Table, TextTable

__all__ = ["records_above"]

#: Share of the cells of a row that must be filled as those of the first record are.
_ALIKE = 0.75

#: Bytes of a text in which its first record is looked for.
_FIRST = 1 << 16


def records_above(table: Table) -> tuple[int, ...]:
    r"""Return the lines above the header of a table that are made like its first record.

    Examples
    --------
    >>> from reen.tables.containers.grid import TextFile
    >>> file = TextFile("parc.csv", b"PC-2;laptop;3\nid;type;quantity\nPC-1;laptop;2\n")
    >>> table = TextTable.of(file, lambda cells: sorted({"type", "quantity"}.intersection(cells)))
    >>> records_above(table)
    (1,)
    """
    if isinstance(table, TextTable):
        numbers, rows, first = _of_text(table)
    elif isinstance(table, GridTable):
        numbers, rows, first = _of_grid(table)
    else:
        return ()
    model = _form(first)
    return tuple(
        number for number, row in zip(numbers, rows, strict=True) if _is_like(_form(row), model)
    )


Head = tuple[Sequence[int], Sequence[Sequence[str]], Sequence[str]]


def _of_text(table: TextTable) -> Head:
    text, dialect = table.text, table.dialect
    lines = text.data[text.start : dialect.start].decode(errors="replace").split("\n")
    above = [split_record(line, dialect.delimiter) for line in lines[: dialect.header_line - 1]]
    begun = text.data[dialect.start : dialect.start + _FIRST].decode(errors="replace")
    first = split_record(begun.partition("\n")[0], dialect.delimiter)
    return range(1, len(above) + 1), above, first


def _of_grid(table: GridTable) -> Head:
    grid, start = table.grid, table.start
    if table.laid_out or start >= grid.height:
        return (), (), ()
    rows = [[cell or "" for cell in row] for row in grid.rows(0, start + 1)]
    return [int(line) for line in grid.lines[: start - 1]], rows[: start - 1], rows[start]


def _form(row: Sequence[str]) -> str:
    """Return what fills each cell: nothing, words, or something with a number."""
    return "".join(
        " " if not cell.strip() else "1" if any(map(str.isdecimal, cell)) else "a" for cell in row
    )


def _is_like(form: str, model: str) -> bool:
    if len(form) != len(model) or len(form.replace(" ", "")) < 2:  # noqa: PLR2004 - a title
        return False
    same = [one for one, other in zip(form, model, strict=True) if one == other]
    return "1" in same and len(same) >= _ALIKE * len(model)
