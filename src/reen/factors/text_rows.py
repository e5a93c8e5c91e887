"""Rows of text with the line that each stands in, read from CSV or Parquet, or given by code.

Input: a file of factors, defaults or matching, in UTF-8 with commas, or Parquet.  Output:
`TextRows`: cells as text by column, the line of the file for messages, what is no text refused.
Knows which columns a file may have, and nothing of what they mean.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import attrs

from reen.errors import FactorDataError, FileFormatError, InventoryError
from reen.gate.parquet import read_parquet

__all__ = ["TextRows", "given_rows", "read_csv_rows", "read_parquet_rows"]

#: Characters that no cell holds on purpose; tabs and line ends may stand in a remark.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@attrs.frozen
class TextRows:
    """Rows of text.

    Attributes
    ----------
    place
        File or pack, for messages.
    rows
        (line, cells by column), an empty text where a cell is blank.
    """

    place: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Iterate over the lines and their cells."""
        return iter(self.rows)

    def fail(self, line: int, column: str, value: str, expected: str) -> FactorDataError:
        """Return the error of a cell."""
        return FactorDataError(self.place, line, column, value, expected)


def given_rows(
    rows: Iterable[Mapping[str, str]], *, place: str, columns: Mapping[str, str]
) -> TextRows:
    """Return rows given by code, the first of which counts as line 2 of its file.

    Raises
    ------
    FactorDataError
        A column that nothing says, or a cell that is no text.
    """
    made = TextRows(place, tuple(enumerate(rows, start=2)))
    for line, row in made:
        for name in row:
            if name not in columns:
                raise made.fail(line, str(name), "", f"only the columns {', '.join(columns)}")
    return _checked(made)


def read_csv_rows(
    file: Path | Traversable, *, place: str, columns: Mapping[str, str], required: Iterable[str]
) -> TextRows:
    """Read a comma-separated UTF-8 file and check its header.

    Raises
    ------
    FactorDataError
        Another encoding, a header that lacks a column or has one that nothing says, a row of more
        cells than the header, quotes that do not close.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FactorDataError(place, None, "", "", f"UTF-8 text ({error})") from error
    records = list(_records(text, place))
    line, header = records[0] if records else (1, [])
    _check_header(place, line, header, columns, required)
    rows = []
    for line, cells in records[1:]:
        if len(cells) > len(header):
            surplus = ", ".join(cells[len(header) :])
            expected = f"{len(header)} cells; quote those that hold a comma"
            raise FactorDataError(place, line, "", surplus, expected)
        filled = cells + [""] * (len(header) - len(cells))
        rows.append((line, dict(zip(header, filled, strict=True))))
    return _checked(TextRows(place, tuple(rows)))


def _records(text: str, place: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with its first line: quoted cells may span several."""
    # strict: a quote that does not close would take in the rest of the file
    reader = csv.reader(io.StringIO(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        expected = f"quotes that open and close one cell ({error})"
        raise FactorDataError(place, line, "", "", expected) from error


def _check_header(
    place: str,
    line: int | None,
    header: Sequence[str],
    columns: Mapping[str, str],
    required: Iterable[str],
) -> None:
    """Refuse a header that lacks a required column, has one twice, or one that nothing says."""
    for name in header:
        if header.count(name) > 1:
            raise FactorDataError(place, line, name, "", "each column once")
    for name in required:
        if name not in header:
            raise FactorDataError(place, line, name, "", f"a column {name!r}")
    for name in header:
        if name not in columns:
            raise FactorDataError(place, line, name, "", f"only the columns {', '.join(columns)}")


def _checked(rows: TextRows) -> TextRows:
    """Refuse cells that are no text, and control characters in text."""
    for line, row in rows:
        for name, cell in row.items():
            given: object = cell
            if given is not None and not isinstance(given, str):
                raise rows.fail(line, name, repr(given), "text, as in a CSV file")
            if cell and (found := _CONTROL.search(cell)):
                shown = f"text without the control character {found[0]!r}: type the cell again"
                raise rows.fail(line, name, cell, shown)
    return rows


def read_parquet_rows(
    path: Path, *, place: str, columns: Mapping[str, str], required: Iterable[str]
) -> TextRows:
    """Read a Parquet file as rows of text, counted from 1.

    Raises
    ------
    FactorDataError
        It is no Parquet file, or its columns are not those of `columns`.
    """
    try:
        table = read_parquet(path)
    except (FileFormatError, InventoryError) as error:
        raise FactorDataError(place, None, "", "", f"a Parquet file ({error})") from error
    _check_header(place, None, table.column_names, columns, required)
    rows = (
        {name: "" if cell is None else str(cell) for name, cell in row.items()}
        for row in table.to_pylist()
    )
    return _checked(TextRows(place, tuple(enumerate(rows, start=1))))
