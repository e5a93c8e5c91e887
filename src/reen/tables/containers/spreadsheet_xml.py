"""SpreadsheetML 2003: the XML that many tools save under the name .xls, as grids of text.

Input: the bytes of such a file.  Output: one grid per worksheet.
"""

from __future__ import annotations

from collections.abc import Iterator

from reen.tables.containers.cells import literal_text
from reen.tables.containers.grid import Grid, Skipped
from reen.tables.containers.laid_out import SheetBuilder, read_count
from reen.tables.containers.limits import Limits
from reen.tables.containers.xml_events import feed_xml

__all__ = ["open_spreadsheet_xml"]


def open_spreadsheet_xml(place: str, data: bytes, limits: Limits) -> Iterator[Grid | Skipped]:
    """Yield the sheets of a SpreadsheetML document (raises as `feed_xml` does)."""
    reader = _Reader(place, limits)
    feed_xml(place, data, reader, limits)
    limits.check(place, "members", len(reader.sheets), what="sheets")
    for sheet in reader.sheets:
        yield sheet.build()


class _Reader:
    """Handler of a SpreadsheetML document."""

    def __init__(self, place: str, limits: Limits) -> None:
        self.sheets: list[SheetBuilder] = []
        self._place, self._limits = place, limits
        self._row: dict[str, str] = {}
        self._cell: dict[str, str] = {}
        self._type = ""
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Worksheet":
            title = attributes.get("Name", str(len(self.sheets) + 1))
            self.sheets.append(SheetBuilder(f"{self._place}[{title}]", title, self._limits))
        elif not self.sheets:
            return
        elif name == "Visible":
            self._text = []
        elif name == "Row":
            self._row = attributes
            if "Index" in attributes:
                self.sheets[-1].move_to_row(_number(attributes, "Index", 1) - 1)
        elif name == "Cell":
            self._cell = attributes
            if "Index" in attributes:
                self.sheets[-1].move_to_column(_number(attributes, "Index", 1) - 1)
        elif name == "Data":
            self._type, self._text = attributes.get("Type", "String"), []

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        if name == "Visible":
            sheet.hidden = "".join(self._text or ()).strip() != "SheetVisible"
            self._text = None
        elif name == "Data":
            self._cell = {**self._cell, "": "".join(self._text or ())}
            self._text = None
        elif name == "Cell":
            self._end_cell(sheet)
        elif name == "Row":
            times = 1 + _number(self._row, "Span", 0)
            sheet.end_row(times=times, hidden=self._row.get("Hidden") == "1")

    def _end_cell(self, sheet: SheetBuilder) -> None:
        text, across = self._cell.get("", ""), _number(self._cell, "MergeAcross", 0)
        if self._type == "Error" and text:
            sheet.add_error(text)
        elif "Formula" in self._cell and "" not in self._cell:
            sheet.add_formula()
        else:
            rows = 1 + _number(self._cell, "MergeDown", 0)
            sheet.add(_value(self._type, text), rows=rows, columns=across + 1)
        sheet.move_to_column(sheet.column + across)
        self._cell, self._type = {}, ""


def _number(attributes: dict[str, str], name: str, default: int) -> int:
    return read_count(attributes.get(name), default)


def _value(kind: str, text: str) -> str:
    if kind == "Number":
        return literal_text(text)
    if kind == "Boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    if kind == "DateTime":
        day, _, time = text.partition("T")
        time = time.partition(".")[0]
        return day if time in {"", "00:00:00"} else f"{day}T{time}"
    return text
