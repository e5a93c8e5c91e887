"""Spreadsheets: tables as a workbook, for whoever answers and files there.

Input: Arrow tables by name.  Output: the bytes of an .xlsx file: numbers and days as numbers and
days, one header row that stays in sight, a filter, no text that a spreadsheet would run as a
formula.  Written with XlsxWriter, which writes only, streams its rows and has no dependency.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from reen.errors import MissingExtraError, OptionError
from reen.gate.csv_text import in_one_cell
from reen.gate.writing import write_file
from reen.reasons import Reason

__all__ = ["as_workbook", "write_workbook"]

#: Rows of a sheet, its header included: what the format holds.
MOST_ROWS = 1_048_576

#: Characters of a cell, and of the name of a sheet.
_CELL, _NAME = 32_767, 31

#: Width of a column in characters.
_NARROW, _WIDE = 9, 48

#: Rows that the width of a column is made from.
_SEEN = 200

#: What the same table gives on any day: a workbook holds the day of its making otherwise.
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zone


def write_workbook(tables: Mapping[str, pa.Table], path: str | Path) -> Path:
    """Write tables as the sheets of a workbook, and return its path (raises as `as_workbook`)."""
    write_file(path, as_workbook(tables))
    return Path(path)


def as_workbook(tables: Mapping[str, pa.Table]) -> bytes:
    """Return tables as the sheets of an .xlsx file.

    Parameters
    ----------
    tables
        Tables by the name of their sheet; a unit of a column, in its metadata, is written in its
        header, as in ``value [kgCO2e/year]``.

    Raises
    ------
    MissingExtraError
        XlsxWriter is not installed.
    OptionError
        A table has more rows than a sheet holds.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("xlsxwriter", "xlsx", "a workbook") from error
    for name, table in tables.items():
        if table.num_rows >= MOST_ROWS:
            expected = Reason("error_rows_a_sheet", most=MOST_ROWS - 1)
            raise OptionError("workbook", name, f"{table.num_rows:,} rows", expected)
    given = io.BytesIO()
    # text is text: what begins with = is a name of somebody's, never a formula or a link
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(given, options) as book:
        book.set_properties({"created": _MADE})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for name, table in tables.items():
            _write(book.add_worksheet(name[:_NAME]), table, formats)
    return given.getvalue()


def _write(sheet: Any, table: pa.Table, formats: Mapping[str, object]) -> None:  # noqa: ANN401 - xlsxwriter's
    for at, field in enumerate(table.schema):
        unit = (field.metadata or {}).get(b"unit", b"").decode()
        head = f"{field.name} [{unit}]" if unit not in ("", "1") else field.name
        cells = in_one_cell(table.column(at)).to_pylist()
        sheet.write_string(0, at, head, formats["head"])
        for row, value in enumerate(cells, 1):
            _cell(sheet, row, at, value, formats)
        seen = [len(str(each)) for each in cells[:_SEEN] if each is not None]
        width = max([len(head) + 2, *seen])
        sheet.set_column(at, at, min(max(width, _NARROW), _WIDE))
    sheet.freeze_panes(1, 0)
    if table.num_rows and table.num_columns:
        sheet.autofilter(0, 0, table.num_rows, table.num_columns - 1)


def _cell(sheet: Any, row: int, at: int, value: object, formats: Mapping[str, object]) -> None:  # noqa: ANN401
    """Write a value as what it is; what is not known stays blank."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, at, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, at, value.replace(tzinfo=None), formats["instant"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, at, dt.datetime(*value.timetuple()[:3]), formats["day"])  # noqa: DTZ001
    else:
        sheet.write_string(row, at, str(value)[:_CELL])
