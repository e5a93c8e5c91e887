"""Workbooks xlsx, xlsb and xls as grids of text, one a sheet, through python-calamine.

calamine reads the cells; `layout` adds what it does not tell.  Hidden sheets and rows are read like
the others, and told; a merged block gives its value to each of its rows, and is told.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any, TypeVar

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import FileFormatError
from reen.gate.packages import needed
from reen.reasons import Reason
from reen.tables.containers.cells import NOT_CALCULATED, text_column
from reen.tables.containers.formulas_xlsx import asks_to_calculate, find_formulas
from reen.tables.containers.grid import Grid, Skipped
from reen.tables.containers.layout import Layout, Merge
from reen.tables.containers.layout_binary import (
    indented_xlsb_styles,
    list_xlsb_sheets,
    scan_xls,
    scan_xlsb,
    struck_xlsb_styles,
)
from reen.tables.containers.layout_xlsx import scan_xlsx
from reen.tables.containers.limits import Limits
from reen.tables.containers.ole2 import wrap_stream
from reen.tables.containers.parts import Parts
from reen.tables.containers.patches import (
    fill_merges,
    formula_remark,
    patch,
    set_in,
    struck_remark,
)
from reen.tables.containers.styles_xlsx import indented_styles, struck_styles, styled_cells

__all__ = ["open_xls", "open_zipped_workbook"]


#: Rows turned into text at once: their cells stay in the processor's cache.
_BLOCK = 1000

#: Numbers of elements that a part announces before it lists them.
_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\s*\+?(\d{5,30})""")
#: The record that begins the shared strings of an xlsb: its type, its size, two numbers.
_STRINGS_OF_XLSB = b"\x9f\x01\x08"

#: Parts of an xlsx and of an xlsb workbook that say how cells are aligned.
_STYLES, _BINARY_STYLES = "xl/styles.xml", "xl/styles.bin"

#: Where a relation says that a sheet lies.
_TARGET, _ID = "Target", "Id"

_T = TypeVar("_T")


@attrs.frozen(eq=False, repr=False)
class _Sheets:
    """How to get the layout of each sheet, by its name and its position."""

    layout: Callable[[str, int], Layout]


def open_zipped_workbook(place: str, parts: Parts, limits: Limits) -> Iterator[Grid | Skipped]:
    """Yield the sheets of an xlsx or xlsb workbook.

    Raises
    ------
    FileFormatError
        The workbook is damaged, or exceeds a limit.
    MissingExtraError
        python-calamine is not installed.
    """
    binary = "xl/workbook.bin" in parts
    paths = _shielded(place, lambda: _find_sheets(parts, binary=binary))
    sheets = set(paths.values())
    for name in parts:
        # calamine inflates these on its own, and trusts what the archive declares.
        if name not in sheets and not name.startswith("xl/media/"):
            _check_counts(f"{place}/{name}", parts.read(name))

    styles = parts.read(_STYLES) if _STYLES in parts else b""
    book = b"" if binary else parts.read("xl/workbook.xml")
    indented = _shielded(place, lambda: indented_styles(styles))
    struck = _shielded(place, lambda: struck_styles(styles))
    binary_styles = parts.read(_BINARY_STYLES) if _BINARY_STYLES in parts else b""
    indented_binary = _shielded(place, lambda: indented_xlsb_styles(binary_styles))
    struck_binary = _shielded(place, lambda: struck_xlsb_styles(binary_styles))

    def layout(name: str, _: int) -> Layout:
        if name not in paths:
            raise FileFormatError(f"{place}[{name}]", _damaged(Reason("error_sheet_missing")))
        part = parts.read(paths[name])
        if binary:
            return scan_xlsb(part, indented_binary, struck_binary)
        found = scan_xlsx(part, limits)
        found.indents = styled_cells(part, indented)
        found.struck = set(styled_cells(part, struck))
        found.formulas = find_formulas(part, asks=asks_to_calculate(book))
        return found

    return _open(place, parts.data, _Sheets(layout), limits)


def open_xls(place: str, stream: bytes, limits: Limits) -> Iterator[Grid | Skipped]:
    """Yield the sheets of an xls workbook, from its BIFF stream (raises as above)."""
    layouts = _shielded(place, lambda: scan_xls(stream))
    for layout in layouts:  # calamine lays out all the sheets of an xls as soon as it opens it
        _check_size(place, layout.height, layout.width, limits)
    data = wrap_stream(place, stream)
    return _open(place, data, _Sheets(lambda _, position: layouts[position]), limits)


def _check_counts(place: str, part: bytes) -> None:
    """Refuse a part that announces more than it has room for: calamine asks for memory for all."""
    announced = max((int(count) for count in _COUNT.findall(part)), default=0)
    if part.startswith(_STRINGS_OF_XLSB):
        announced = max(struct.unpack_from("<II", part, len(_STRINGS_OF_XLSB)))
    if announced > len(part):
        reason = Reason("error_elements_are_announced_bytes", announced=announced, part=len(part))
        raise FileFormatError(place, _damaged(reason))


def _find_sheets(parts: Parts, *, binary: bool) -> dict[str, str]:
    """Return the part of each sheet by the name of the sheet."""
    etree = needed(
        "defusedxml", "Reading a workbook", extra="tables", module="defusedxml.ElementTree"
    )
    kind = "bin" if binary else "xml"
    relations = etree.fromstring(parts.read(f"xl/_rels/workbook.{kind}.rels"), forbid_dtd=True)
    targets = {relation.get(_ID): relation.get(_TARGET, "") for relation in relations}
    book = parts.read(f"xl/workbook.{kind}")
    if binary:
        sheets = list_xlsb_sheets(book)
    else:
        found = etree.fromstring(book, forbid_dtd=True).iter()
        sheets = [
            (element.get("name", ""), _relation(element.attrib))
            for element in found
            if element.tag.rpartition("}")[2] == "sheet"
        ]
    joined = {name: posixpath.join("/xl", targets.get(relation, "")) for name, relation in sheets}
    return {name: posixpath.normpath(target).lstrip("/") for name, target in joined.items()}


def _relation(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith("}id")), "")


def _open(place: str, data: bytes, sheets: _Sheets, limits: Limits) -> Iterator[Grid | Skipped]:
    calamine = _calamine()
    with _shielded(place, lambda: calamine.load_workbook(io.BytesIO(data))) as book:
        metadata = book.sheets_metadata
        limits.check(place, "members", len(metadata), what="sheets")
        for position, sheet in enumerate(metadata):
            where = f"{place}[{sheet.name}]"
            if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                yield Skipped(where, Reason("sheet_without_cells", sheet=sheet.name))
                continue
            layout = _shielded(where, lambda: sheets.layout(sheet.name, position))  # noqa: B023 - called at once
            if layout.exact:
                _check_size(where, layout.height, layout.width, limits)
            limits.check(where, "cells", layout.height * layout.width)
            cells = _shielded(where, lambda: book.get_sheet_by_name(sheet.name))  # noqa: B023 - called at once
            if cells.start is None and not layout.formulas:
                yield Skipped(where, Reason("sheet_empty", sheet=sheet.name))
                continue
            hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
            yield _shielded(where, lambda: _grid(where, cells, layout, limits, hidden=hidden))  # noqa: B023 - called at once


def _check_size(place: str, height: int, width: int, limits: Limits) -> None:
    limits.check(place, "rows", height)
    limits.check(place, "columns", width)
    limits.check(place, "cells", height * width)


def _grid(place: str, sheet: Any, layout: Layout, limits: Limits, *, hidden: bool) -> Grid:  # noqa: ANN401 - calamine's class exists only where it is installed
    (top, left), (bottom, right) = _corners(sheet, layout)
    _check_size(place, bottom - top + 1, right - left + 1, limits)
    columns = () if sheet.start is None else _columns(sheet, sheet.start[0])
    if layout.formulas:
        columns = _widened(columns, sheet, (top, left), (bottom, right))
    errors = {(row - top, column - left): text for (row, column), text in layout.errors.items()}
    formulas = {(row - top, column - left): NOT_CALCULATED for row, column in layout.formulas}
    columns = patch(columns, errors | formulas)
    merges = sheet.merged_cell_ranges
    blocks: Sequence[Merge] = (
        [(first, start, last, end) for (first, start), (last, end) in merges]
        if merges
        else layout.merges
    )
    inside = [(a - top, b - left, c - top, d - left) for a, b, c, d in blocks]
    steps = {(row - top, column - left): each for (row, column), each in layout.indents.items()}
    columns = set_in(columns, steps)
    columns, filled = fill_merges(place, columns, inside, (top, left))
    remarks = list(filled)
    details = {"sheet": sheet.name}
    if hidden:
        details["hidden sheet"] = "yes"
        remarks.append(Reason("sheet_hidden", sheet=sheet.name))
    hidden_rows = sorted(row for row in layout.hidden if top <= row <= bottom)
    if hidden_rows:
        details["hidden rows"] = str(len(hidden_rows))
        remarks.append(Reason("rows_hidden", count=len(hidden_rows), first=hidden_rows[0] + 1))
    if struck := _struck_rows(columns, layout, top, left):
        details["rows struck through"] = str(len(struck))
        remarks += struck_remark(struck)
    if errors:
        remarks.append(error_remark(layout.errors))
    remarks += formula_remark(layout.formulas)
    lines = np.arange(top + 1, bottom + 2, dtype=np.int64)
    return Grid(place, columns, lines, None, details, tuple(remarks))


def _struck_rows(columns: Sequence[pa.Array], layout: Layout, top: int, left: int) -> list[int]:
    """Return the rows of which at least half of the cells that hold something are struck out."""
    rows: dict[int, int] = {}
    for row, column in layout.struck:
        at, place = row - top, column - left
        if 0 <= place < len(columns) and 0 <= at < len(columns[place]):
            rows[row] = rows.get(row, 0) + bool(columns[place][at].as_py())
    return sorted(
        row
        for row, struck in rows.items()
        if struck and 2 * struck >= sum(bool(column[row - top].as_py()) for column in columns)
    )


def _corners(sheet: Any, layout: Layout) -> tuple[tuple[int, int], tuple[int, int]]:  # noqa: ANN401 - as above
    """Return the first and the last row and column of what a sheet holds.

    To calamine a formula without a value is a blank cell.
    """
    held = [*layout.formulas, *(() if sheet.start is None else (sheet.start, sheet.end))]
    rows, columns = zip(*held, strict=True)
    return (min(rows), min(columns)), (max(rows), max(columns))


def _widened(
    columns: Sequence[pa.Array],
    sheet: Any,  # noqa: ANN401 - as above
    first: tuple[int, int],
    last: tuple[int, int],
) -> tuple[pa.Array, ...]:
    """Return columns with the blank rows and columns that they lack between two corners."""
    (top, left), (bottom, right) = first, last
    start, end = (first, (top - 1, left - 1)) if sheet.start is None else (sheet.start, sheet.end)
    above, below = pa.nulls(start[0] - top, pa.string()), pa.nulls(bottom - end[0], pa.string())
    blank = pa.nulls(bottom - top + 1, pa.string())
    before, after = [blank] * (start[1] - left), [blank] * (right - end[1])
    inside = [pa.concat_arrays([above, column, below]) for column in columns]
    return (*before, *inside, *after)


def error_remark(errors: dict[tuple[int, int], str]) -> Reason:
    """Return what is told of the error cells of a sheet."""
    (row, _), text = min(errors.items())
    return Reason("cells_in_error", count=len(errors), error=text, first=row + 1)


def _columns(sheet: Any, top: int) -> tuple[pa.Array, ...]:  # noqa: ANN401 - as above
    """Return the cells as text, column by column."""
    rows = itertools.islice(sheet.iter_rows(), top, None)
    blocks: list[list[pa.Array]] = []
    while block := list(itertools.islice(rows, _BLOCK)):
        blocks.append([text_column(values) for values in zip(*block, strict=True)])
    return tuple(pa.concat_arrays(pieces) for pieces in zip(*blocks, strict=True))


def _damaged(error: str | Reason) -> Reason:
    return Reason("error_workbook_damaged", error=error)


def _calamine() -> ModuleType:
    return needed("python-calamine", "Reading a workbook", extra="tables", module="python_calamine")


def _shielded(place: str, read: Callable[[], _T]) -> _T:
    """Call a reader of foreign bytes, and raise FileFormatError for whatever it raises."""
    calamine = _calamine()
    try:
        return read()
    except FileFormatError:
        raise
    except calamine.PasswordError as error:
        raise FileFormatError(place, Reason("error_workbook_locked")) from error
    except (
        calamine.CalamineError, OSError, ValueError, LookupError, OverflowError, struct.error,
        SyntaxError, pa.ArrowException,
    ) as error:  # fmt: skip
        said = next((each for each in error.args if isinstance(each, Reason)), None)
        found = said or str(error) or type(error).__name__
        raise FileFormatError(place, _damaged(found)) from error
    except BaseException as error:
        # A panic of calamine's own language derives from no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise FileFormatError(place, _damaged(str(error))) from error
