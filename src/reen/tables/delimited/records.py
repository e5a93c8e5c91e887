"""Records: the rows of a delimited text as columns of text, each with its line in the file.

Input: text and its dialect.  Output: one Arrow string array per column wanted (an empty cell is
null), the line of every row, and the rows that do not have as many cells as the header.  pyarrow
reads; a clean file is read once by all processors, and only one that is not clean is looked at
line by line.

Must not know what a column means.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.delimited.dialect import Dialect
from reen.tables.delimited.quotes import (
    continuation_lines,
    find_lines,
    lines_of_spaces,
    without_lines,
    without_spaces,
)
from reen.tables.delimited.textfile import Text

__all__ = ["Misfit", "Records", "read_records"]

#: Room for the longest record in one block of the reader, and the least it is given.
_BLOCK = 1 << 20
_LARGEST_BLOCK = (1 << 31) - 2


@attrs.frozen(eq=False, repr=False)
class Misfit:
    """A row that does not have as many cells as the header.

    Attributes
    ----------
    line
        Its line in the file.
    cells
        How many it has.
    text
        The row as written.
    """

    line: int
    cells: int
    text: str


@attrs.frozen(eq=False, repr=False)
class Records:
    """The rows of a text.

    Attributes
    ----------
    columns
        String array of each column wanted, by its position in the header.
    lines
        Line in the file of each row, int64.
    blank_lines
        Empty lines between rows.
    misfits
        Rows of another length than the header.
    quoted
        Whether quotation marks were undone; False when they do not balance.
    """

    columns: dict[int, pa.Array]
    lines: npt.NDArray[np.int64]
    blank_lines: int
    misfits: tuple[Misfit, ...]
    quoted: bool

    @property
    def read(self) -> int:
        """Return how many rows the file has after its header."""
        return len(self.lines) + self.blank_lines + len(self.misfits)


def read_records(text: Text, dialect: Dialect, wanted: Sequence[int], path: Path | str) -> Records:
    """Read the rows.

    Parameters
    ----------
    text, dialect
        The text and how it is laid out.
    wanted
        Positions of the columns to read, at least one.
    path
        The file, for messages.

    Raises
    ------
    FileFormatError
        The reader cannot cut the text into rows.
    """
    end = _end_of_rows(text.data, dialect.start)
    if end <= dialect.start:
        return _no_rows(wanted, 0)
    body = memoryview(text.data)[dialect.start : end]
    quick = _read_at_once(text, dialect, wanted, body)
    if quick is not None:
        return quick
    if text.data.find(b'"', dialect.start, end) < 0:
        body = without_spaces(body, dialect.delimiter.encode())
    return _read_with_care(dialect, wanted, body, path)


def _no_rows(wanted: Sequence[int], blank: int) -> Records:
    columns = {k: pa.array([], pa.string()) for k in wanted}
    return Records(columns, np.zeros(0, np.int64), blank, (), quoted=True)


def _end_of_rows(data: bytes, start: int) -> int:
    """Return where the last line that holds something ends."""
    end = len(data)
    while end > start and data[end - 1] in b"\r\n":
        # By blocks: a file may end in millions of blank lines.
        block = data[max(start, end - _BLOCK) : end]
        end -= len(block) - len(block.rstrip(b"\r\n"))
    return end


def _arrow_options(
    dialect: Dialect, wanted: Sequence[int]
) -> tuple[list[str], pa_csv.ConvertOptions]:
    names = [str(k) for k in range(len(dialect.header))]
    return names, pa_csv.ConvertOptions(
        check_utf8=False,  # the text was decoded, or checked, before
        column_types={str(k): pa.string() for k in wanted},
        include_columns=[str(k) for k in wanted],
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )


def _columns(table: pa.Table, wanted: Sequence[int]) -> dict[int, pa.Array]:
    return {k: _one_array(table[str(k)]) for k in wanted}


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _read_at_once(
    text: Text, dialect: Dialect, wanted: Sequence[int], body: memoryview
) -> Records | None:
    """Read a text whose lines are its rows; None when they are not.

    The reader would pass over empty lines, and join the lines of a quoted cell: both show in the
    number of rows.
    """
    names, convert = _arrow_options(dialect, wanted)
    start, end = dialect.start, dialect.start + len(body)
    has_quotes = text.data.find(b'"', start, end) >= 0
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            read_options=pa_csv.ReadOptions(column_names=names),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter, quote_char='"' if has_quotes else False
            ),
            convert_options=convert,
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != text.data.count(b"\n", start, end) + 1:
        return None
    lines = np.arange(table.num_rows, dtype=np.int64) + dialect.first_line
    return Records(_columns(table, wanted), lines, 0, (), quoted=True)


def _read_with_care(
    dialect: Dialect, wanted: Sequence[int], body: memoryview, path: Path | str
) -> Records:
    """Read any text, with the line of each row and the rows that do not fit."""
    mark = dialect.delimiter.encode()
    lines = find_lines(body)
    if not len(lines.starts):
        return _no_rows(wanted, lines.total)
    continued = continuation_lines(body, lines, mark, len(dialect.header))
    of_spaces = lines_of_spaces(body, lines, mark)
    if continued is not None:
        of_spaces &= ~continued
    if of_spaces.any():
        # the reader would give each of them to Python; those of no byte it passes over
        body = without_lines(body, lines, of_spaces)
        lines = find_lines(body)
        continued = None if continued is None else continued[~of_spaces]
    if continued is not None:
        # Blank lines after a line whose cell goes on belong to that cell.
        inside = np.append(continued[1:], False)
        blank = np.diff(np.append(lines.numbers, lines.total)) - 1
        outside = int(lines.numbers[0] if len(lines.numbers) else lines.total)
        plan = (
            lines.starts[~continued],
            lines.numbers[~continued],
            outside + int(blank[~inside].sum()),
        )
        found = _read_lines(dialect, wanted, body, plan, path, quoted=True)
        if found is not None:
            return found
    plan = (lines.starts, lines.numbers, lines.total - len(lines.numbers))
    found = _read_lines(dialect, wanted, body, plan, path, quoted=False)
    if found is None:
        reason = Reason("error_text_cannot_cut_into_rows_open")
        raise FileFormatError(str(path), reason)
    return found


def _read_lines(
    dialect: Dialect,
    wanted: Sequence[int],
    body: memoryview,
    plan: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int],
    path: Path | str,
    *,
    quoted: bool,
) -> Records | None:
    """Read records that begin at known places; None when the reader finds others."""
    starts, first, blank = plan
    longest = int(np.diff(np.append(starts, len(body))).max())
    names, convert = _arrow_options(dialect, wanted)
    misfits: list[pa_csv.InvalidRow] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        misfits.append(row)
        return "skip"

    try:
        table = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            read_options=pa_csv.ReadOptions(
                column_names=names,
                use_threads=False,  # rows are numbered only by one reader
                block_size=min(max(_BLOCK, 2 * longest), _LARGEST_BLOCK),
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                invalid_row_handler=set_aside,
            ),
            convert_options=convert,
        )
    except pa.ArrowInvalid as error:
        if quoted:
            return None
        raise FileFormatError(
            str(path), Reason("error_text_cannot_cut_into_rows", error=str(error))
        ) from error
    if table.num_rows + len(misfits) != len(first):
        return None
    numbers = np.array([row.number - 1 for row in misfits], np.int64)
    line = first + dialect.first_line
    kept = np.ones(len(first), np.bool_)
    kept[numbers] = False
    return Records(
        _columns(table, wanted),
        line[kept],
        blank,
        tuple(
            Misfit(int(line[number]), row.actual_columns, row.text)
            for number, row in zip(numbers, misfits, strict=True)
        ),
        quoted=quoted,
    )
