"""Layout of the sheets of an xlsx workbook: a quick look at the XML of each sheet.

The usual writers put the reference first in each cell and number each row: then a few searches for
literal bytes tell all.  Otherwise the tags are walked through one by one.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from reen.reasons import Reason
from reen.tables.containers.layout import Layout
from reen.tables.containers.limits import Limits

__all__ = ["cell_of_tag", "column_number", "scan_xlsx", "walk_cells"]

_TAG = re.compile(rb"""<(?:\w+:)?(row|c)(\s(?:[^>"']|"[^"]*"|'[^']*')*?)?(/?)>""")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,7})(\d{1,9})["']""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_IS_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c(\s[^>]*?\st=["']e["'][^>]*|\st=["']e["'][^>]*)>""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row(\s[^>]*?hidden=["'](?:1|true)["'][^>]*)>""")
#: A cell that does not begin with a reference of the usual size; tags in "co" and "ce" are others.
_UNUSUAL = re.compile(rb'<c(?:[^oe ]| (?!r="[A-Z]{1,2}[1-9][0-9]{0,5}"))')
#: The same with one letter, an error, a hidden row or a prefix: one pass of Arrow's expressions,
#: which takes a quarter of the time of Python's; they know no look-ahead, hence the ladder.
_NOT_PLAIN = (
    r'<c(?:[^oe ]| (?:[^r]|r(?:[^=]|=(?:[^"]|"(?:[^A-Z]|[A-Z](?:[^1-9]|[1-9][0-9]*[^0-9"]'
    r"|[1-9][0-9]{6}))))))"
    r"""|t=["']e["']|hidden=|:c[\s>/]"""
)
_ONE_LETTER = 26
#: Bytes in which a sheet in UTF-16, whose tags nothing here would see, has a zero.
_DECLARATION = 64
_PREFIXED = re.compile(rb":c[\s>/]")
_TWO_LETTERS = re.compile(rb'<c r="([A-Z]{2})')
_SIX_DIGITS = re.compile(rb'<c r="[A-Z]{1,2}([0-9]{6})"')
_MOST_ROWS = 999_999
_UNKNOWN_ERROR = "#ERROR"
#: An error cell ends within this many bytes of its beginning, or has no value.
_CELL = 1 << 14


def scan_xlsx(xml: bytes, limits: Limits) -> Layout:
    """Return the layout of a sheet from its XML; raise ValueError if it is not in UTF-8."""
    if b"\0" in xml[:_DECLARATION]:
        raise ValueError(Reason("error_sheet_not_utf_8"))
    layout = _plain(xml) or _quick(xml)
    if layout is None or layout.height * layout.width > limits.cells:
        return _walk(xml)
    return layout


def _plain(xml: bytes) -> Layout | None:
    """Return the layout of a sheet of at most 26 columns without anything to tell, else None."""
    ends = struct.pack("<qq", 0, len(xml))
    whole = pa.Array.from_buffers(
        pa.large_binary(), 1, [None, pa.py_buffer(ends), pa.py_buffer(xml)]
    )
    if pc.match_substring_regex(whole, _NOT_PLAIN)[0].as_py():
        return None
    return Layout(_MOST_ROWS, _ONE_LETTER, exact=False)


def _quick(xml: bytes) -> Layout | None:
    """Return the layout if the tags are written in the usual way, else None."""
    if _UNUSUAL.search(xml) or _PREFIXED.search(xml):
        return None
    layout = Layout(_MOST_ROWS, _ONE_LETTER, exact=False)
    if _TWO_LETTERS.search(xml):
        layout.width = max(map(column_number, set(_TWO_LETTERS.findall(xml)))) + 1
        layout.height = max(map(int, _SIX_DIGITS.findall(xml)), default=99_999)
    if b't="e"' in xml or b"t='e'" in xml:
        for found in _ERROR_CELL.finditer(xml):
            reference = _REFERENCE.search(found[1])
            if reference is None:
                return None
            layout.errors[_position(reference)] = _error(xml, found.end())
    if b"hidden=" in xml:
        numbers = (_ROW_NUMBER.search(found[1]) for found in _HIDDEN_ROW.finditer(xml))
        layout.hidden = {int(number[1]) - 1 for number in numbers if number}
    return layout


def _walk(xml: bytes) -> Layout:
    layout = Layout()
    for row, column, attributes, end in walk_cells(xml, layout):
        layout.grow(row, column)
        if _IS_ERROR.search(attributes):
            layout.errors[row, column] = _error(xml, end)
    return layout


def walk_cells(xml: bytes, layout: Layout | None = None) -> Iterator[tuple[int, int, bytes, int]]:
    """Yield (row, column, attributes, end of the tag) of each cell that holds something."""
    layout = Layout() if layout is None else layout
    row, column = -1, -1
    for tag in _TAG.finditer(xml):
        kind, attributes, empty = tag.groups(b"")
        if kind == b"row":
            number = _ROW_NUMBER.search(attributes)
            row, column = (int(number[1]) - 1 if number else row + 1), -1
            if _HIDDEN.search(attributes):
                layout.hidden.add(row)
            continue
        reference = _REFERENCE.search(attributes)
        if reference is None:
            column += 1
        else:
            row, column = _position(reference)
        if not empty:
            yield row, column, attributes, tag.end()


def cell_of_tag(attributes: bytes) -> tuple[int, int] | None:
    """Return the row and the column of a cell, from 0; None where its tag does not say them."""
    reference = _REFERENCE.search(attributes)
    return None if reference is None else _position(reference)


def _position(reference: re.Match[bytes]) -> tuple[int, int]:
    return int(reference[2]) - 1, column_number(reference[1])


def column_number(letters: bytes) -> int:
    """Return the number of a column from its letters: 0 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _error(xml: bytes, end: int) -> str:
    close = xml.find(b"</c>", end, end + _CELL)
    value = _VALUE.search(xml, end, close if close >= 0 else end + _CELL)
    return value[1].decode("utf-8", "replace") if value else _UNKNOWN_ERROR
