"""Layout of the sheets of the two binary workbooks, xls (BIFF in OLE2) and xlsb (BIFF12 in zip).

Records are walked through without a look at most of them.  Sources: [MS-XLS] 2.4 for xls, [MS-XLSB]
2.4 for xlsb.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from reen.tables.containers.layout import ERRORS, Layout

__all__ = ["list_xlsb_sheets", "scan_xls", "scan_xlsb"]

_BOF, _EOF, _BOUND_SHEET = 0x0809, 0x000A, 0x0085
_ROW, _BOOL_ERR, _FORMULA = 0x0208, 0x0205, 0x0006
_XLS_HIDDEN = 0x20
#: The eight bytes of a formula's result begin with 2 and end with FFFF when it is an error.
_RESULT_IS_ERROR, _NOT_A_NUMBER = 2, b"\xff\xff"

_BRT_ROW, _BRT_ERROR, _BRT_FORMULA_ERROR = 0, 3, 11
_BRT_CELLS = range(2, 12)
_BRT_MERGE, _BRT_SHEET = 176, 156
_XLSB_HIDDEN = 0x10


def scan_xls(stream: bytes) -> list[Layout]:
    """Return the layout of each sheet of a BIFF stream, in the order of the workbook."""
    starts = [
        int.from_bytes(body[:4], "little")
        for kind, body in _xls_records(stream, 0)
        if kind == _BOUND_SHEET
    ]
    return [_scan_xls_sheet(stream, start) for start in starts]


def _xls_records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield (type, body) of each record from a BOF to its EOF."""
    depth = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        start += 4
        if depth == 1:  # deeper, there is a chart of its own
            yield kind, stream[start : start + size]
        start += size


def _scan_xls_sheet(stream: bytes, start: int) -> Layout:
    layout = Layout()
    for kind, body in _xls_records(stream, start):
        if kind == _ROW:
            row = int.from_bytes(body[:2], "little")
            if body[12] & _XLS_HIDDEN:
                layout.hidden.add(row)
        elif kind == _BOOL_ERR:
            row, column, _, code, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                layout.errors[row, column] = ERRORS.get(code, "#ERROR")
        elif kind == _FORMULA:
            row, column = struct.unpack_from("<HH", body)
            if body[6] == _RESULT_IS_ERROR and body[12:14] == _NOT_A_NUMBER:
                layout.errors[row, column] = ERRORS.get(body[8], "#ERROR")
    return layout


def scan_xlsb(part: bytes) -> Layout:
    """Return the layout of a sheet of an xlsb workbook."""
    layout, row = Layout(), -1
    for kind, start, _ in _xlsb_records(part):
        if kind == _BRT_ROW:
            (row,) = struct.unpack_from("<I", part, start)
            if part[start + 11] & _XLSB_HIDDEN:
                layout.hidden.add(row)
        elif kind in _BRT_CELLS:
            (column,) = struct.unpack_from("<I", part, start)
            layout.grow(row, column)
            if kind in {_BRT_ERROR, _BRT_FORMULA_ERROR}:
                layout.errors[row, column] = ERRORS.get(part[start + 8], "#ERROR")
        elif kind == _BRT_MERGE:
            first, last, left, right = struct.unpack_from("<IIII", part, start)
            layout.merges.append((first, left, last, right))
    return layout


def list_xlsb_sheets(part: bytes) -> list[tuple[str, str]]:
    """Return (name, identifier of the relation) of each sheet that a workbook part lists."""
    sheets = []
    for kind, start, _ in _xlsb_records(part):
        if kind == _BRT_SHEET:
            relation, after = _wide_string(part, start + 8)
            name, _ = _wide_string(part, after)
            sheets.append((name, relation))
    return sheets


def _wide_string(part: bytes, start: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", part, start)
    end = start + 4 + 2 * length
    return part[start + 4 : end].decode("utf-16-le"), end


def _xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (type, start of the body, size of the body) of each record."""
    at, end = 0, len(part)
    while at < end:
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] << 7)
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, at, size
        at += size
