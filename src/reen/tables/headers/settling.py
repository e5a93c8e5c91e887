"""Settling: what the cells say of headers that leave it open.

Input: rows, and headings.  Output: headings of which one column at most is the quantity, and a
column of energy whose cells are all in watts is one of power.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reen.tables.cells.quantities import settle_quantity
from reen.tables.findings import Findings
from reen.tables.headers.headings import Headings
from reen.tables.sheet import Sheet

__all__ = ["settle"]

_IN_WATTS = r"(?i)^\d[\d .,]*(k?w|watts?|kilowatts?)\.?$"


def settle(sheet: Sheet, headings: Headings, findings: Findings, *, language: str) -> Headings:
    """Return the headings as the cells show them.

    Parameters
    ----------
    sheet, headings
        The rows, and what their headers say.
    findings
        Where several columns that may be the quantity are told.
    language
        ``fr`` or ``en``, for numbers that nothing else settles.
    """
    headings = settle_quantity(sheet, headings, findings, language=language)
    if "power" in headings.columns or not _is_in_watts(sheet, headings):
        return headings
    return headings.moved("annual_energy", "power")


def _is_in_watts(sheet: Sheet, headings: Headings) -> bool:
    group = headings.columns.get("annual_energy", ())
    if not group or group[0].unit or group[0].said:
        return False
    if pa.types.is_floating(sheet.raw(group[0].position).type):
        return False  # numbers and nothing else
    texts = sheet.words(group[0].position).dictionary
    return len(texts) > 0 and bool(pc.all(pc.match_substring_regex(texts, _IN_WATTS)).as_py())
