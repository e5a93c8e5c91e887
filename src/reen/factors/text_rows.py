"""Rows of text with the line that each stands in, read from a file or given by code.

Input: a file of factors, defaults or matching: delimited text, a workbook or Parquet.  Output:
`TextRows`: cells as text by column, the line of the file for messages, what is no text refused.
Knows which columns a file may have, and nothing of what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from reen.errors import FactorDataError
from reen.reasons import Reason, Words

if TYPE_CHECKING:
    from reen.tables.reference.reading import Fault

__all__ = ["TextRows", "given_rows", "read_rows"]

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

    def fail(self, line: int, column: str, value: str, expected: Words) -> FactorDataError:
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
                raise made.fail(
                    line, str(name), "", Reason("error_only_columns", columns=", ".join(columns))
                )
    return _checked(made)


def read_rows(
    data: bytes | Path, *, place: str, columns: Mapping[str, str], required: Sequence[str]
) -> TextRows:
    """Read a table and check its header; rows of a Parquet file are counted from 1.

    Raises
    ------
    FactorDataError
        The file holds no table, its header lacks a column or has one that nothing says, a row has
        more cells than the header, quotes do not close, a cell holds a control character.
    """
    from reen.tables.reference.header import Layout
    from reen.tables.reference.reading import read_reference

    layout = Layout(columns=tuple(columns), required=required)
    table = read_reference(place, data, layout=layout, refuse=_error)
    return _checked(TextRows(table.place, tuple(table.records(columns))))


def _error(fault: Fault) -> FactorDataError:
    expected = fault.expected
    if fault.kind == "file":
        expected = Reason("error_table_of_factors", expected=expected)
    return FactorDataError(fault.place, fault.line, fault.column, fault.value, expected)


def _checked(rows: TextRows) -> TextRows:
    """Refuse cells that are no text, and control characters in text."""
    for line, row in rows:
        for name, cell in row.items():
            given: object = cell
            if given is not None and not isinstance(given, str):
                raise rows.fail(line, name, repr(given), Reason("error_text_csv_file"))
            if cell and (found := _CONTROL.search(cell)):
                shown = Reason(
                    "error_text_without_control_character_type_cell", found=repr(found[0])
                )
                raise rows.fail(line, name, cell, shown)
    return rows
