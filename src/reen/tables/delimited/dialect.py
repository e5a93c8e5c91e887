"""Dialect: how a delimited text is laid out, found from its first lines.

Input: text and a function that says which headers of a line are known.  Output: the delimiter (the
one that gives most lines the same number of cells, never the one most frequent in the header), the
header and the line it stands on, and where the rows begin.  Title lines, PowerShell's ``#TYPE``,
``Column1;Column2`` and ``sep=;`` lines above the header are passed over.

Knows no column of an inventory, and reads no row.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence

import attrs
import numpy as np

from reen.errors import OptionError
from reen.inventory.schema import EQUIPMENT
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.delimited.quotes import ends_inside
from reen.tables.delimited.textfile import Text

__all__ = [
    "DELIMITERS",
    "HEADER_ROWS",
    "MOST_COLUMNS",
    "Dialect",
    "Recognise",
    "cell_at_end",
    "find_dialect",
    "find_header",
]

#: Delimiters looked for, in order of preference when all else is equal.
DELIMITERS = (";", ",", "\t", "|")

#: The header stands in the first lines that hold something.
HEADER_ROWS = 30

#: Known headers that make a line a header; two do when one of them is the quantity.
_ENOUGH, _ENOUGH_WITH_QUANTITY = 3, 2

#: A file of one column that has one of these is a list of models or of types.
_NEED = frozenset({"equipment_type", "model"})

_SAMPLE_BYTES = 1 << 18
_SAMPLE_LINES = 400
#: Columns of a workbook; a header with more of them is none.
MOST_COLUMNS = 16_384
#: A header cell does not hold more lines than this.
_HEADER_LINES = 20

_SEPARATOR_LINE = pattern(r'^"?sep=(.)"?$', re.IGNORECASE)
_QUOTED_CELL = pattern(r'(?:^|(?<=[;,\t|]))"(?:[^"]|"")*"')

#: Says which canonical columns the cells of a line name, one entry per known cell.
Recognise = Callable[[Sequence[str]], Sequence[str]]


@attrs.frozen(eq=False, repr=False)
class Dialect:
    """How a text is laid out.

    Attributes
    ----------
    delimiter
        One character.
    header
        Cells of the header, one per column of the file.
    header_line
        Its line, counted from 1; 0 when no header was recognised.
    start, first_line
        Offset and line of the first row.
    """

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    start: int
    first_line: int


@attrs.frozen(eq=False, repr=False)
class _Record:
    """One record among the first lines: its text, first line, and where the next one begins."""

    text: str
    line: int
    following_line: int
    following_start: int


def find_dialect(
    text: Text, recognise: Recognise, delimiter: str | None = None, *, line: int = 0
) -> Dialect:
    """Return how `text` is laid out.

    Parameters
    ----------
    text
        The whole text, or its beginning.
    recognise
        Which columns the cells of a line name.
    delimiter
        The delimiter, when the user gives it (``tab`` is a tabulation).
    line
        Line of the header, when the user gives it; 0 when it is to be found.

    Returns
    -------
    Dialect
        With `header_line` 0 and the first line that holds something as its `header`, when no
        header is recognised.

    Raises
    ------
    OptionError
        The delimiter given is not one character, or no record begins at the line given.
    """
    lines = _first_lines(text)
    widths = _Widths(lines)
    chosen = _given(delimiter) or _separator_line(lines)
    if chosen is None:
        found = _best_layout(widths, text.start, recognise, line)
    else:
        found = _layout(lines, text.start, chosen, recognise, line)
    chosen, best, known = found.delimiter, found.header, found.known
    if best is None:  # nothing but blanks for hundreds of lines
        return Dialect(chosen, (), 0, text.start, 1)
    if delimiter is None and len(split_record(best.text, chosen)) == 1:
        # A title above unknown headers; or one column: a delimiter that no cell holds.
        even = "" if known else _evenly_cut(widths)
        chosen = even or next(
            (d for d in ("\t", "|", ";", ",") if d.encode() not in text.data), chosen
        )
    header = _as_wide_as_the_rows(split_record(best.text, chosen), widths, chosen)
    return Dialect(
        delimiter=chosen,
        header=header,
        header_line=best.line if known else 0,
        start=best.following_start,
        first_line=best.following_line,
    )


def _given(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii():
        raise OptionError("read", "delimiter", delimiter, Reason("error_one_character_tab"))
    return delimiter


def _first_lines(text: Text) -> list[bytes]:
    # A header may be longer than the sample; `decode` bounds the first line.
    first_end = text.data.find(b"\n", text.start)
    length = max(_SAMPLE_BYTES, (len(text.data) if first_end < 0 else first_end + 1) - text.start)
    head = text.data[text.start : text.start + length]
    lines = head.split(b"\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    whole = text.start + len(head) == len(text.data)
    if len(lines) > 1 and not whole and len(lines) < _SAMPLE_LINES:
        lines.pop()  # cut
    return lines


def _separator_line(lines: Sequence[bytes]) -> str | None:
    first = lines[0].decode(errors="replace").strip()
    found = _SEPARATOR_LINE.match(first) if "=" in first[:5] else None
    return found[1] if found and found[1] in DELIMITERS else None


def _evenly_cut(widths: _Widths) -> str:
    """Return the delimiter that cuts most lines into as many cells, empty when none does."""
    filled = sum(bool(line.strip()) for line in widths.lines)
    common = ((widths.common(each)[0], each) for each in DELIMITERS)
    times, delimiter = max(common, key=lambda found: found[0])
    return delimiter if times > filled / 2 else ""


def _width(line: str, delimiter: str) -> int:
    return _QUOTED_CELL.sub("", line).count(delimiter) + 1


class _Widths:
    """How many cells the first lines have with each delimiter, worked out once."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines
        text = b"\n".join(lines)
        quoted = [line for line in lines if b'"' in line] if b'"' in text else []
        self._quoted = [line.decode(errors="replace") for line in quoted]
        if quoted:
            text = b"\n".join(line for line in lines if b'"' not in line)
        plain = len(lines) > len(quoted)
        self._text = np.frombuffer(text + b"\n" if plain else b"", np.uint8)
        ends = np.flatnonzero(self._text == ord("\n"))
        self._starts = np.append(0, ends[:-1] + 1) if plain else ends
        self._common: dict[str, tuple[int, int]] = {}

    def common(self, delimiter: str) -> tuple[int, int]:
        """Return (lines that agree, cells of each), among lines of more than one cell."""
        if delimiter not in self._common:
            self._common[delimiter] = self._find_common(delimiter)
        return self._common[delimiter]

    def _find_common(self, delimiter: str) -> tuple[int, int]:
        widths = Counter(self._plain_widths(delimiter))
        for line in self._quoted:
            widths[_width(line, delimiter)] += 1
        # a line that holds nothing has one cell, unless blanks separate cells
        widths[1] = 0
        if delimiter.isspace():
            mark = delimiter.encode()
            widths.subtract(line.count(mark) + 1 for line in self.lines if not line.strip())
        cells, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return (agreeing, cells) if agreeing > 0 else (0, 1)

    def _plain_widths(self, delimiter: str) -> dict[int, int]:
        """Return how many lines have each number of cells, none of which is quoted."""
        if not len(self._starts):
            return {}
        places = np.flatnonzero(self._text == ord(delimiter))
        marks = np.diff(np.searchsorted(places, np.append(self._starts, len(self._text))))
        return {cells: int(count) for cells, count in enumerate(np.bincount(marks), 1) if count}


@attrs.frozen(eq=False, repr=False)
class _Layout:
    """The record that is taken for the header with a delimiter, and whether it is a header."""

    delimiter: str
    header: _Record | None
    known: bool


def _layout(
    lines: Sequence[bytes], start: int, delimiter: str, recognise: Recognise, line: int
) -> _Layout:
    records = _first_records(lines, start, delimiter)
    if not records:
        return _Layout(delimiter, None, known=False)
    if line:
        given = next((record for record in records if record.line == line), None)
        if given is None:
            raise OptionError(
                "read", "header", str(line), Reason("error_one_first_lines", records=len(records))
            )
        return _Layout(delimiter, given, known=True)
    rows = [split_record(record.text, delimiter) for record in records]
    place, known = find_header(rows, recognise)
    return _Layout(delimiter, records[place], known)


def _best_layout(widths: _Widths, start: int, recognise: Recognise, line: int) -> _Layout:
    """Return the layout that shows a known header and gives most lines one number of cells.

    To look for a header costs more than all the rest: the delimiter that gives most lines the same
    number of cells is asked first, and the others only where it shows none.
    """
    # sorted() keeps the order of preference among equals
    ranked = sorted(DELIMITERS, key=widths.common, reverse=True)
    lines = widths.lines
    first = _layout(lines, start, ranked[0], recognise, line)
    if first.known:
        return first
    others = (_layout(lines, start, delimiter, recognise, line) for delimiter in ranked[1:])
    return next((layout for layout in others if layout.known), first)


def _first_records(lines: Sequence[bytes], start: int, delimiter: str) -> list[_Record]:
    """Return the first records that hold something."""
    records: list[_Record] = []
    k = 0
    mark = delimiter.encode()
    while k < len(lines) and len(records) < HEADER_ROWS:
        end = _end_of_record(lines, k, mark)
        body = b"\n".join(lines[k:end])
        following = start + len(body) + 1
        if body.strip():
            content = body.decode(errors="replace").removesuffix("\r")
            records.append(_Record(content, k + 1, end + 1, following))
        start, k = following, end
    return records


def _end_of_record(lines: Sequence[bytes], k: int, delimiter: bytes) -> int:
    """Return the position after the last line of the record that begins at line `k`."""
    inside = ends_inside(lines[k], delimiter, inside=False)
    end = k + 1
    while inside and end < min(len(lines), k + _HEADER_LINES):
        inside = ends_inside(lines[end], delimiter, inside=True)
        end += 1
    return k + 1 if inside else end


def split_record(text: str, delimiter: str) -> list[str]:
    """Return the cells of one record, quotation marks undone when they balance."""
    if '"' not in text and len(text.splitlines()) <= 1:
        return text.split(delimiter)
    if ends_inside(text.encode(), delimiter.encode(), inside=False):
        return text.split(delimiter)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:  # a cell longer than any header
        return text.split(delimiter)
    return rows[0] if len(rows) == 1 else text.split(delimiter)


def cell_at_end(text: str, delimiter: str) -> tuple[int, str]:
    """Return the position of the cell in which the beginning of a record ends, and its text."""
    if ends_inside(text.encode(), delimiter.encode(), inside=False):
        opening = text.rfind(f'{delimiter}"')
        opening = opening + 1 if opening >= 0 else 0
        return _width(text[:opening], delimiter) - 1, text[opening + 1 :]
    plain = _QUOTED_CELL.sub("", text)
    return plain.count(delimiter), plain.rpartition(delimiter)[2]


def find_header(rows: Sequence[Sequence[str]], recognise: Recognise) -> tuple[int, bool]:
    """Return the place of the row that names most known columns, and whether it is a header.

    Parameters
    ----------
    rows
        The first rows that hold something.
    recognise
        Which columns the cells of a row name.
    """
    # A header names different things, and what the equipment is.
    found: list[set[str]] = []
    widest = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    best = 0
    for k, cells in enumerate(rows):
        found.append(set(_known(cells, recognise)))
        if _NEED & found[k]:
            best = max(best, len(found[k]))
        if best >= _ENOUGH and best >= max(widest[k + 1 :], default=0):
            break  # no row below has cells enough to name more
    for k in sorted(range(len(found)), key=lambda k: (not _NEED & found[k], -len(found[k]))):
        enough = _ENOUGH_WITH_QUANTITY if "quantity" in found[k] else _ENOUGH
        if len(found[k]) >= enough:
            return k, True
    # "Date;Agents": all cells are known, and not as columns of equipment
    whole = [
        k
        for k, columns in enumerate(found)
        if widest[k] == len(columns) >= _ENOUGH_WITH_QUANTITY and not columns <= EQUIPMENT.keys()
    ]
    sure = [k for k, columns in enumerate(found) if _NEED & columns]
    return ((sure or whole)[0], True) if sure or whole else (0, False)


def _known(cells: Sequence[str], recognise: Recognise) -> Sequence[str]:
    return recognise(cells) if len(cells) <= MOST_COLUMNS else ()


def _as_wide_as_the_rows(header: Sequence[str], widths: _Widths, delimiter: str) -> tuple[str, ...]:
    """Complete or cut a header that differs from its rows by unnamed columns at its end."""
    agreeing, cells = widths.common(delimiter)
    if not agreeing or cells == len(header):
        return tuple(header)
    if cells < len(header):
        unnamed = not any(cell.strip() for cell in header[cells:])
        return tuple(header[:cells] if unnamed else header)
    rows = [line.decode(errors="replace").rstrip("\r") for line in widths.lines]
    surplus = [split_record(row, delimiter)[len(header) :] for row in rows]
    if any(cell.strip() for extra in surplus for cell in extra):
        return tuple(header)
    return (*header, *[""] * (cells - len(header)))
