"""Rows of text with the line of each, read from a file or given by code.

Input: cells by column, those of a file with their lines.  Output: `TextRows`: cells as text by
column, the line of the file for messages, what is no text refused.  Knows which columns a table
may have, and nothing of what they mean; reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import attrs

from reen.errors import FactorDataError
from reen.reasons import Reason, Words

__all__ = ["TextRows", "checked_rows", "given_rows"]

#: Characters that no cell holds on purpose; tabs and line ends may stand in a remark.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@attrs.frozen(eq=False, repr=False)
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
    return checked_rows(made)


def checked_rows(rows: TextRows) -> TextRows:
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
