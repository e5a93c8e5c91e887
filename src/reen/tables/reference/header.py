"""The header of a table whose columns are known in advance, found among its first rows.

An inventory's header is guessed from words; that of a factor file, a matching table or a published
export is known.  The header is the first row that names every column required.  Only titles may lie
above it: a row with as many cells would be data, and would be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from reen.tables.delimited.dialect import DELIMITERS, HEADER_ROWS, split_record
from reen.tables.delimited.textfile import decode_head

__all__ = ["Header", "Layout", "find_header", "find_in_rows", "find_in_text"]

#: Bytes of a file in which a reader looks for the header that tells its format.
_HEAD = 16_384


@attrs.frozen(kw_only=True)
class Layout:
    """What is known of a table in advance.

    Attributes
    ----------
    columns
        Names of the columns that are read.
    required
        Those without which the table says nothing.
    others
        Whether it may have other columns, which are not read.
    repeats
        Whether several headers may stand for one column; the first cell filled counts.
    exact
        Whether each row has as many cells as the header; otherwise the last ones may be left out.
    surplus
        Whether a row may go on with blank cells; without that, an unquoted delimiter that moves the
        cells of a row is seen even where the last of them is blank.
    name_of
        The name of a column, from its header as written.
    encoding
        The encoding of the text, where only one is right.

    Examples
    --------
    >>> from reen.tables.reference.header import Layout
    >>> Layout(columns=("model", "sheet", "remark"), required=("model", "sheet")).others
    False
    """

    columns: Sequence[str]
    required: Sequence[str]
    others: bool = False
    repeats: bool = False
    exact: bool = False
    surplus: bool = False
    name_of: Callable[[str], str] = str.strip
    encoding: str | None = None


@attrs.frozen(kw_only=True)
class Header:
    """The row that names the columns, or the one that comes nearest.

    Attributes
    ----------
    cells
        Its cells as written, blanks around them left out.
    names
        The column that each of them names.
    row
        Its place among the rows looked at, from 0; blank ones count.
    delimiter
        The mark between its cells, empty where they are not cut from text.
    complete
        Whether it names every column required.
    above
        Place of the first row above it that is no title, or None.
    """

    cells: tuple[str, ...]
    names: tuple[str, ...]
    row: int
    delimiter: str = ""
    complete: bool = False
    above: int | None = None


def find_in_rows(rows: Iterable[Sequence[str]], layout: Layout, delimiter: str = "") -> Header:
    """Return the header among the first rows of a table.

    Parameters
    ----------
    rows
        Cells of the first rows, blank rows included.
    layout
        What is known of the table.
    delimiter
        The mark between cells, for the result.

    Returns
    -------
    Header
        The first row that is complete; else the one that names most columns.
    """
    wanted, required = set(layout.columns), set(layout.required)
    filled: list[tuple[int, int]] = []
    best, most = Header(cells=(), names=(), row=0, delimiter=delimiter), -1
    for row, cells in enumerate(rows):
        count = sum(1 for cell in cells if cell.strip())
        if not count:
            continue
        names = tuple(map(layout.name_of, cells))
        known = wanted & set(names)
        complete = required <= known
        if complete or len(known) > most:
            above = next((k for k, many in filled if many >= count), None)
            best = Header(
                cells=tuple(cell.strip() for cell in cells),
                names=names,
                row=row,
                delimiter=delimiter,
                complete=complete,
                above=above if complete else None,
            )
            most = len(known)
        filled.append((row, count))
        if complete or len(filled) == HEADER_ROWS:
            break
    return best


def find_in_text(lines: Sequence[str], layout: Layout) -> Header:
    """Return the header among the first lines of a text, with the delimiter that makes it one."""
    best, most = Header(cells=(), names=(), row=0), (False, -1, -1)
    for delimiter in DELIMITERS:
        header = find_in_rows((split_record(line, delimiter) for line in lines), layout, delimiter)
        known = len(set(layout.columns) & set(header.names))
        merit = (header.complete, known, len(header.cells))
        if merit > most:
            best, most = header, merit
        if header.complete and header.row == 0:
            return header
    return best


def find_header(head: bytes, layout: Layout) -> Header | None:
    """Return the header of a file from its first bytes, to tell a format by it.

    None for a file that is no text.
    """
    text = decode_head(head[:_HEAD])
    return None if text is None else find_in_text(list(first_lines(text)), layout)


def first_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text among which a header is looked for."""
    filled = 0
    for line in text.split("\n"):
        yield line.removesuffix("\r")
        filled += bool(line.strip())
        if filled == HEADER_ROWS:
            return
