"""OpenDocument spreadsheets (ods) as grids of text, one a sheet.

Not read through calamine, which gives a cell in error as 0 or as a blank, tells neither merged
blocks nor hidden rows, and refuses an indented document: what would be needed beside it is a
reader.  Source: OpenDocument 1.3 part 3, section 9.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.containers.cells import cell_text, literal_text
from reen.tables.containers.grid import Grid, Skipped
from reen.tables.containers.laid_out import SheetBuilder, read_count
from reen.tables.containers.limits import Limits
from reen.tables.containers.parts import Parts
from reen.tables.containers.patches import STEP
from reen.tables.containers.xml_events import feed_xml

__all__ = ["open_ods"]

#: Attributes that hold the value, by type.
_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")
_DURATION = re.compile(r"(-?)PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MIDNIGHT = re.compile(r"T00:00:00(?:[.,]0+)?$")
_SPACES = re.compile(r"[ \t\r\n]+")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(cm|mm|in|pt)")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0}
_POINTS_OF_A_STEP = 10.0
_FRACTION = re.compile(r"[.,]\d+$")
#: A larger count is read as the smallest number of that many digits and one: beyond any limit.
_COUNT_DIGITS = 15


def open_ods(place: str, parts: Parts, limits: Limits) -> Iterator[Grid | Skipped]:
    """Yield the sheets of an OpenDocument spreadsheet.

    Raises
    ------
    FileFormatError
        The document is damaged, protected by a password, or exceeds a limit.
    MissingExtraError
        defusedxml is not installed.
    """
    manifest = "META-INF/manifest.xml"
    if manifest in parts and b"encryption-data" in parts.read(manifest):
        raise FileFormatError(place, Reason("error_spreadsheet_locked"))
    if "content.xml" not in parts:
        raise FileFormatError(place, Reason("error_spreadsheet_has_no_content_save_again"))
    reader = _Reader(place, limits)
    feed_xml(place, parts.read("content.xml"), reader, limits)
    limits.check(place, "members", len(reader.sheets), what="sheets")
    for sheet in reader.sheets:
        yield sheet.build()


class _Reader:
    """Handler of the content of a document."""

    def __init__(self, place: str, limits: Limits) -> None:
        self.sheets: list[SheetBuilder] = []
        self._place, self._limits = place, limits
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._indents: dict[str, int] = {}
        self._struck_styles: set[str] = set()
        self._tables = 0  # a cell may hold a table of its own
        self._cell: dict[str, str] | None = None
        self._row: dict[str, str] = {}
        self._text: list[str] = []
        self._paragraphs = 0
        self._inside = 0  # paragraphs open
        self._aside = 0  # inside a comment

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._tables += 1
            if self._tables == 1:
                self._begin_sheet(attributes)
        elif not self._tables:
            self._start_style(name, attributes)
        elif self._tables == 1 and name == "table-row":
            self._row = attributes
        elif self._tables == 1 and name in {"table-cell", "covered-table-cell"}:
            self._cell, self._text, self._paragraphs = attributes, [], 0
        elif self._cell is not None:
            self._start_text(name, attributes)

    def _start_style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("name", "")
        elif name.endswith("-style"):
            self._style = ""  # of a number, whose text has properties of its own
        elif name == "table-properties" and attributes.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "text-properties" and self._style:
            if attributes.get("text-line-through-style", "none") != "none":
                self._struck_styles.add(self._style)
        elif name == "paragraph-properties":
            self._indents[self._style] = _steps(attributes)

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", str(len(self.sheets) + 1))
        sheet = SheetBuilder(f"{self._place}[{name}]", name, self._limits)
        sheet.hidden = attributes.get("style-name") in self._hidden_styles
        self.sheets.append(sheet)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "annotation" or self._aside:
            self._aside += 1
        elif name == "p":
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1
            self._inside += 1
        elif name == "s":
            self._text.append(" " * min(_count(attributes, "c"), len("a wide but finite blank")))
        elif name in {"tab", "line-break"}:
            self._text.append("\t" if name == "tab" else "\n")

    def data(self, text: str) -> None:
        if self._inside and not self._aside:
            self._text.append(_SPACES.sub(" ", text))

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name == "p":
            self._inside = max(self._inside - 1, 0)
        elif name == "table":
            self._tables -= 1
        elif self._tables == 1 and name in {"table-cell", "covered-table-cell"}:
            self._end_cell()
        elif self._tables == 1 and name == "table-row":
            hidden = self._row.get("visibility") in {"collapse", "filter"}
            times = self._positive(self._row, "number-rows-repeated")
            self.sheets[-1].end_row(times=times, hidden=hidden)

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        shown = "".join(self._text)
        self._text, self._paragraphs = [], 0
        sheet, times = self.sheets[-1], self._positive(attributes, "number-columns-repeated")
        if _is_error(attributes, shown):
            sheet.add_error(shown or "#ERROR", times=times)
            return
        value = _value(attributes, shown)
        steps = self._indents.get(attributes.get("style-name", ""), 0)
        if value and steps and attributes.get("value-type") == "string":
            value = f"{STEP * steps}{value}"
        if value is None and "formula" in attributes and attributes.get("value-type") != "string":
            sheet.add_formula(times=times)
            return
        rows = self._positive(attributes, "number-rows-spanned")
        sheet.add(
            value,
            times=times,
            rows=rows,
            columns=self._positive(attributes, "number-columns-spanned"),
        )
        if value and attributes.get("style-name") in self._struck_styles:
            sheet.strike(times=times)

    def _positive(self, attributes: dict[str, str], name: str) -> int:
        """Return how often a row or cell is repeated: a wrong count would lose what it stands for.

        No count is too large to be read here: blank rows may be repeated to the end of the sheet,
        and the limits refuse what is filled.
        """
        text = attributes.get(name, "1").strip()
        if text.isascii() and text.isdecimal() and text.strip("0"):
            return int(text) if len(text.lstrip("0")) <= _COUNT_DIGITS else 10**_COUNT_DIGITS
        sheet = self.sheets[-1]
        reason = Reason(
            "error_row_sheet_damaged_expected_whole_number",
            row=sheet.row + 1,
            name=sheet.name,
            name_2=name,
            text=text[:20],
        )
        raise FileFormatError(self._place, reason)


def _steps(attributes: dict[str, str]) -> int:
    """Return the steps by which a style sets text in from the margin: one is ten points."""
    length = _LENGTH.fullmatch(attributes.get("margin-left", ""))
    if length is None or attributes.get("text-align", "start") not in {"start", "left"}:
        return 0
    return round(float(length[1]) * _POINTS[length[2]] / _POINTS_OF_A_STEP)


def _count(attributes: dict[str, str], name: str) -> int:
    return max(read_count(attributes.get(name), 1), 1)


def _is_error(attributes: dict[str, str], shown: str) -> bool:
    """Tell whether a formula gave an error (LibreOffice says so; Excel only shows it)."""
    if attributes.get("value-type") == "error":
        return True
    shows = shown.startswith(("#", "Err:"))
    return "formula" in attributes and shows and not attributes.get("string-value", "")


def _value(attributes: dict[str, str], shown: str) -> str | None:
    kind = attributes.get("value-type")
    value = next((attributes[name] for name in _VALUES if name in attributes), None)
    if value is None or kind == "string":
        return shown or value or None
    if kind == "date":
        return _FRACTION.sub("", _MIDNIGHT.sub("", value))
    if kind == "time":
        return _duration(value)
    if kind == "boolean":
        return value
    return literal_text(value) if kind in {"float", "percentage", "currency"} else value


def _duration(value: str) -> str | None:
    parts = _DURATION.fullmatch(value)
    if parts is None:
        return value
    hours, minutes, seconds = (int(part) for part in parts.groups()[1:])
    if not parts[1] and hours < 24:  # noqa: PLR2004 - hours of a day
        return cell_text(dt.time(hours, minutes % 60, seconds % 60))
    return f"{parts[1]}{hours}:{minutes:02}:{seconds:02}"
