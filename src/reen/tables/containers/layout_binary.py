"""Layout of the sheets of the two binary workbooks, xls (BIFF in OLE2) and xlsb (BIFF12 in zip).

Records are walked through without a look at most of them.  Sources: [MS-XLS] 2.4 for xls, [MS-XLSB]
2.4 for xlsb.
"""

from __future__ import annotations

import struct
from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet

from reen.reasons import Reason
from reen.tables.containers.layout import Layout

__all__ = [
    "indented_xlsb_styles",
    "list_xlsb_sheets",
    "scan_xls",
    "scan_xlsb",
    "struck_xlsb_styles",
]

#: Error values of the binary formats ([MS-XLS] 2.5.10 BErr, [MS-XLSB] 2.5.97.2).
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}

_PAIR, _LONG = struct.Struct("<HH").unpack_from, struct.Struct("<I").unpack_from

_BOF, _EOF, _BOUND_SHEET = 0x0809, 0x000A, 0x0085
_ROW, _BOOL_ERR, _FORMULA = 0x0208, 0x0205, 0x0006
_DIMENSIONS, _MUL_RK, _SST = 0x0200, 0x00BD, 0x00FC
#: NUMBER, LABEL, RK, LABELSST, RSTRING and those above.
_XLS_CELLS = frozenset({0x0203, 0x0204, 0x027E, 0x00FD, 0x00D6, _MUL_RK, _BOOL_ERR, _FORMULA})
#: LABEL, LABELSST and RSTRING: the style is the third number of each.
_XLS_TEXTS = frozenset({0x0204, 0x00FD, 0x00D6})
#: A style of cells: its size since 1997, and where its alignment and its steps stand.
_XF, _XF_SIZE, _HORIZONTAL, _XLS_INDENT = 0x00E0, 20, 0x07, 0x0F
#: A font: its second number tells whether it is struck through; the fifth one is left out.
_FONT, _STRUCK, _NO_FONT = 0x0031, 0x08, 4
#: General, left and distributed: what is centred or at the right is not set in from the margin.
_FROM_THE_LEFT = frozenset({0, 1, 7})
_XLS_ROWS, _XLS_COLUMNS = 65_536, 256
_XLS_HIDDEN = 0x20
#: The eight bytes of a formula's result begin with 2 and end with FFFF when it is an error.
_RESULT_IS_ERROR, _NOT_A_NUMBER = 2, b"\xff\xff"
#: The result of a formula that gives no text, and of one that nobody calculated.
_BLANK_RESULT = b"\x03\0\0\0\0\0\xff\xff"

_BRT_ROW, _BRT_ERROR, _BRT_FORMULA_ERROR = 0, 3, 11
_BRT_CELLS = range(2, 12)
_BRT_TEXTS = frozenset({6, 7})
_BRT_STYLE, _BRT_STYLE_SIZE, _BRT_FONT = 47, 16, 43
_BRT_BEGIN_CELL_STYLES, _BRT_END_CELL_STYLES = 617, 618
_BRT_MERGE, _BRT_SHEET = 176, 156
#: Bytes of what is read of each record, at least.
_SMALLEST = (
    {_BRT_ROW: 12, _BRT_MERGE: 16}
    | dict.fromkeys(_BRT_CELLS, 8)
    | dict.fromkeys((_BRT_ERROR, _BRT_FORMULA_ERROR), 9)
)
_XLSB_HIDDEN = 0x10


def scan_xls(stream: bytes) -> list[Layout]:
    """Return the layout of each sheet of a BIFF stream, in the order of the workbook."""
    starts = []
    styles = 0
    fonts = 0
    struck_fonts: set[int] = set()
    struck: set[int] = set()
    indented: dict[int, int] = {}
    for kind, start, size in _xls_records(stream, 0):
        if kind == _BOUND_SHEET:
            starts.append(_LONG(stream, start)[0])
        elif kind == _SST:
            _check_strings(_LONG(stream, start + 4)[0], len(stream))
        elif kind == _FONT:
            fonts += fonts == _NO_FONT
            if size > 2 and stream[start + 2] & _STRUCK:  # noqa: PLR2004 - after the height
                struck_fonts.add(fonts)
            fonts += 1
        elif kind == _XF:
            if _PAIR(stream, start)[0] in struck_fonts:
                struck.add(styles)
            if size == _XF_SIZE and stream[start + 6] & _HORIZONTAL in _FROM_THE_LEFT:
                indented[styles] = stream[start + 8] & _XLS_INDENT
            styles += 1
    indented = {style: steps for style, steps in indented.items() if steps}
    layouts = [_scan_xls_sheet(stream, start, indented, struck) for start in starts]
    if any(layout.height > _XLS_ROWS or layout.width > _XLS_COLUMNS for layout in layouts):
        raise ValueError(Reason("error_sheet_larger_than_an_xls_can"))
    return layouts


def _xls_records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield (type, start of the body, size of the body) of each record from a BOF to its EOF."""
    depth, end = 0, len(stream) - 4
    if start > end or _PAIR(stream, start)[0] != _BOF:
        raise ValueError(Reason("error_part_workbook_has_no_beginning"))  # calamine would read on
    while start <= end:
        kind, size = _PAIR(stream, start)
        start += 4
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if not depth:
                return
        yield kind, start, size
        start += size


def _scan_xls_sheet(
    stream: bytes, start: int, indented: Mapping[int, int], struck: AbstractSet[int]
) -> Layout:
    """Return the layout of the sheet that begins there; the cells of its charts are taken in."""
    layout = Layout()
    height = width = 0
    results: set[bool | None] = set()
    for kind, at, size in _xls_records(stream, start):
        if kind in _XLS_CELLS:
            row, column = _PAIR(stream, at)
            if indented and kind in _XLS_TEXTS:
                _note_indent(layout, (row, column), indented, _PAIR(stream, at + 4)[0])
            layout.struck.update(_struck_cells(stream, (at, size), kind, struck))
            if kind == _MUL_RK:  # several cells, with the last column at the end
                column = max(column, _PAIR(stream, at + size - 4)[1])
            elif kind in {_BOOL_ERR, _FORMULA}:
                body = stream[at : at + size]
                _find_xls_error(layout, kind, body)
                results.add(_blank_result(layout, kind, body))
            height, width = max(height, row + 1), max(width, column + 1)
        elif kind == _ROW and stream[at + 12] & _XLS_HIDDEN:
            layout.hidden.add(_PAIR(stream, at)[0])
        elif kind == _DIMENSIONS:
            _grow_to_dimensions(layout, stream[at : at + size])
    if height and width:
        layout.grow(height - 1, width - 1)
    if False in results:  # somebody calculated them: the blank ones are ""
        layout.formulas.clear()
    return layout


def _struck_cells(
    stream: bytes, record: tuple[int, int], kind: int, struck: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """Yield the cells of a record, at some place and of some size, that are struck through."""
    if not struck:
        return
    start, size = record
    row, column = _PAIR(stream, start)
    # of several numbers, each has a style and four bytes of its own
    places = range(4, size - 2, 6) if kind == _MUL_RK else (4,)
    for k, at in enumerate(places):
        if _PAIR(stream, start + at)[0] in struck:
            yield row, column + k


def _find_xls_error(layout: Layout, kind: int, body: bytes) -> None:
    row, column = _PAIR(body)
    if kind == _BOOL_ERR and body[7]:
        layout.errors[row, column] = _ERRORS.get(body[6], "#ERROR")
    elif kind == _FORMULA and body[6] == _RESULT_IS_ERROR and body[12:14] == _NOT_A_NUMBER:
        layout.errors[row, column] = _ERRORS.get(body[8], "#ERROR")


def _note_indent(
    layout: Layout, place: tuple[int, int], indented: Mapping[int, int], style: int
) -> None:
    if style in indented:
        layout.indents[place] = indented[style]


def _blank_result(layout: Layout, kind: int, body: bytes) -> bool | None:
    """Tell whether the result of a formula is blank; None of what is no formula."""
    if kind != _FORMULA:
        return None
    if body[6:14] != _BLANK_RESULT:
        return False
    layout.formulas.add((_PAIR(body)[0], _PAIR(body)[1]))
    return True


def _grow_to_dimensions(layout: Layout, body: bytes) -> None:
    """Take in what a sheet says of its size: calamine asks for that much memory."""
    form = "<IIHH" if len(body) >= struct.calcsize("<IIHHH") else "<HHHH"
    top, rows, left, columns = struct.unpack_from(form, body)
    if rows and columns:
        if top >= rows or left >= columns:
            raise ValueError(Reason("error_sheet_begins_after_its_end"))
        layout.grow(rows - 1, columns - 1)


def _check_strings(count: int, size: int) -> None:
    """Refuse more shared strings than there is room for: calamine asks for memory for all."""
    if count > size:
        raise ValueError(Reason("error_texts_are_announced_bytes", count=count, size=size))


def indented_xlsb_styles(part: bytes) -> dict[int, int]:
    """Return the steps of each style of cells that sets text in, from the part of the styles."""
    steps: dict[int, int] = {}
    number = inside = 0
    for kind, start, size in _xlsb_records(part):
        if kind in (_BRT_BEGIN_CELL_STYLES, _BRT_END_CELL_STYLES):
            inside = kind == _BRT_BEGIN_CELL_STYLES
        elif kind == _BRT_STYLE and inside:
            if size >= _BRT_STYLE_SIZE and part[start + 12] & _HORIZONTAL in _FROM_THE_LEFT:
                steps[number] = part[start + 11]
            number += 1
    return {style: step for style, step in steps.items() if step}


def struck_xlsb_styles(part: bytes) -> frozenset[int]:
    """Return the styles of cells whose font is struck through, from the part of the styles."""
    struck: set[int] = set()
    fonts: list[bool] = []
    number = inside = 0
    for kind, start, size in _xlsb_records(part):
        if kind in (_BRT_BEGIN_CELL_STYLES, _BRT_END_CELL_STYLES):
            inside = kind == _BRT_BEGIN_CELL_STYLES
        elif kind == _BRT_FONT:
            fonts.append(size > 2 and bool(part[start + 2] & _STRUCK))  # noqa: PLR2004 - after the height
        elif kind == _BRT_STYLE and inside:
            font = int.from_bytes(part[start + 4 : start + 6], "little")
            if size >= _BRT_STYLE_SIZE and font < len(fonts) and fonts[font]:
                struck.add(number)
            number += 1
    return frozenset(struck)


def scan_xlsb(
    part: bytes, indented: Mapping[int, int] | None = None, struck: Container[int] = ()
) -> Layout:
    """Return the layout of a sheet of an xlsb workbook.

    Parameters
    ----------
    part
        The part of the sheet.
    indented
        Steps of the styles that set text in.
    struck
        Styles that strike text through.
    """
    layout, row = Layout(), -1
    for kind, start, size in _xlsb_records(part):
        # calamine would read what is left of the record before.
        if size < _SMALLEST.get(kind, 0):
            raise ValueError(Reason("error_record_type_cut_short", kind=kind))
        if kind == _BRT_ROW:
            (row,) = struct.unpack_from("<I", part, start)
            if part[start + 11] & _XLSB_HIDDEN:
                layout.hidden.add(row)
        elif kind in _BRT_CELLS:
            (column,) = struct.unpack_from("<I", part, start)
            layout.grow(row, column)
            style = int.from_bytes(part[start + 4 : start + 7], "little")
            if style in struck:
                layout.struck.add((row, column))
            if indented and kind in _BRT_TEXTS:
                _note_indent(layout, (row, column), indented, style)
            if kind in {_BRT_ERROR, _BRT_FORMULA_ERROR}:
                layout.errors[row, column] = _ERRORS.get(part[start + 8], "#ERROR")
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
