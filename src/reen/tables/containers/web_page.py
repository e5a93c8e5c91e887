"""Tables of a web page: what many asset tools save under the name .xls.

The page is parsed by the standard library; each table that holds no other is a grid.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.containers.grid import Grid, Skipped
from reen.tables.containers.laid_out import SheetBuilder, read_count
from reen.tables.containers.limits import Limits

__all__ = ["open_web_page"]

_CHARSET = re.compile(rb"""charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)
#: Where a page says its encoding.
_HEAD = 4096
#: HTML's own bound on the rows that a cell spans.
_MOST_SPANNED = 65_534
_SPACES = re.compile(r"[ \t\r\n\f]+")


def open_web_page(place: str, data: bytes, limits: Limits) -> Iterator[Grid | Skipped]:
    """Yield the tables of a web page.

    Raises
    ------
    FileFormatError
        The page has no table, or exceeds a limit.
    """
    reader = _Reader(place, limits)
    reader.feed(_decode(data))
    reader.close()
    limits.check(place, "members", len(reader.sheets), what="tables")
    contents = [sheet.build() for sheet in reader.sheets]
    if not any(isinstance(content, Grid) for content in contents):
        raise FileFormatError(place, Reason("error_web_page_without_table"))
    yield from contents


def _decode(data: bytes) -> str:
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(codec, "replace")
    try:
        return data.decode("utf-8")  # what holds as UTF-8 is UTF-8, whatever the page declares
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:_HEAD])
        name = declared[1].decode("ascii") if declared else "cp1252"
    try:
        codec = codecs.lookup(name).name
        # Pages that say ISO 8859-1 mean Windows-1252, as browsers know.
        if codec not in {"iso8859-1", "ascii", "utf-8"}:
            return data.decode(codec, "replace")
    except (LookupError, UnicodeError):  # none, one of something else, one that replaces nothing
        pass
    return data.decode("cp1252", "replace")


class _Reader(HTMLParser):
    """Gather the cells of tables, those inside other tables first."""

    def __init__(self, place: str, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[SheetBuilder] = []
        self._place, self._limits = place, limits
        self._open: list[SheetBuilder] = []
        self._taken: dict[int, int] = {}  # column -> rows still covered by a cell above
        self._cell: dict[str, str | None] | None = None
        self._in_row = False
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_row()
            number = str(len(self.sheets) + 1)
            sheet = SheetBuilder(f"{self._place}[table {number}]", number, self._limits)
            self._limits.check(self._place, "depth", len(self._open) + 1, what="nested tables")
            self.sheets.append(sheet)
            self._open.append(sheet)
            self._taken = {}
        elif self._open and tag == "tr":
            self._end_row()
            self._in_row = True
        elif self._open and tag in {"td", "th"}:
            self._end_cell()
            self._in_row, self._cell, self._text = True, dict(attrs), []
        elif tag == "br" and self._cell is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table", "thead", "tbody"}:
            self._end_row()
            if tag == "table" and self._open:
                self._open.pop()
                self._taken = {}

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._text.append(_SPACES.sub(" ", data))

    def _end_row(self) -> None:
        self._end_cell()
        if self._in_row and self._open:
            self._open[-1].end_row()
            self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}
        self._in_row = False

    def _end_cell(self) -> None:
        if self._cell is None or not self._open:
            self._cell = None
            return
        sheet, attributes, self._cell = self._open[-1], self._cell, None
        while sheet.column in self._taken:
            sheet.move_to_column(sheet.column + 1)
        across, down = _span(attributes, "colspan"), _span(attributes, "rowspan")
        self._limits.check(self._place, "columns", sheet.column + across)
        left = sheet.column
        lines = (line.strip() for line in "".join(self._text).split("\n"))
        sheet.add("\n".join(lines).strip(), rows=down, columns=across)
        sheet.move_to_column(left + across)
        if down > 1:
            # This row is one of them, and is taken off at its end.
            self._taken |= dict.fromkeys(range(left, left + across), down)


def _span(attributes: dict[str, str | None], name: str) -> int:
    return min(max(read_count(attributes.get(name), 1), 1), _MOST_SPANNED)
