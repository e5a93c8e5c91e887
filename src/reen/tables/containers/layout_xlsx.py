"""Layout of the sheets of an xlsx workbook: a quick look at the XML of each sheet.

The usual writers put the reference first in each cell and number each row: then a few searches for
literal bytes tell all.  Otherwise the tags are walked through one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reen.tables.containers.layout import Layout
from reen.tables.containers.limits import Limits

__all__ = ["scan_xlsx"]

_TAG = re.compile(rb"<(?:\w+:)?(row|c)(\s[^>]*?)?(/?)>")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,7})(\d{1,9})["']""")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_IS_ERROR = re.compile(rb"""\st=["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c(\s[^>]*?\st=["']e["'][^>]*|\st=["']e["'][^>]*)>""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row(\s[^>]*?hidden=["'](?:1|true)["'][^>]*)>""")
_UNKNOWN_ERROR = "#ERROR"
#: An error cell ends within this many bytes of its beginning, or has no value.
_CELL = 1 << 14


def scan_xlsx(xml: bytes, limits: Limits) -> Layout:
    """Return the layout of a sheet from its XML."""
    layout = _quick(xml)
    if layout is None or layout.height * layout.width > limits.cells:
        return _walk(xml)
    return layout


def _quick(xml: bytes) -> Layout | None:
    """Return the layout if the tags are written in the usual way, else None."""
    cells, rows = xml.count(b"<c "), re.findall(rb'<row r="(\d{1,9})"', xml)
    if cells != xml.count(b'<c r="') or len(rows) != xml.count(b"<row"):
        return None
    if b"<c>" in xml or b":c " in xml or b":c>" in xml:
        return None
    layout = Layout(max(map(int, rows), default=0), _widest(xml) if cells else 0)
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


def _widest(xml: bytes) -> int:
    for letters in (rb"[A-Z]{3,7}", rb"[A-Z]{2}"):
        found = set(re.findall(rb'<c r="(' + letters + rb")", xml))
        if found:
            return max(map(_column, found)) + 1
    return 26


def _walk(xml: bytes) -> Layout:
    layout = Layout()
    for row, column, attributes, end in _cells(xml, layout):
        layout.grow(row, column)
        if _IS_ERROR.search(attributes):
            layout.errors[row, column] = _error(xml, end)
    return layout


def _cells(xml: bytes, layout: Layout) -> Iterator[tuple[int, int, bytes, int]]:
    """Yield (row, column, attributes, end of the tag) of each cell that holds something."""
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


def _position(reference: re.Match[bytes]) -> tuple[int, int]:
    return int(reference[2]) - 1, _column(reference[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _error(xml: bytes, end: int) -> str:
    close = xml.find(b"</c>", end, end + _CELL)
    value = _VALUE.search(xml, end, close if close >= 0 else end + _CELL)
    return value[1].decode("utf-8", "replace") if value else _UNKNOWN_ERROR
