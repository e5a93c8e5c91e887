"""Price headers: what the header of a unit price says of the tax and of what it is the price of.

Input: the header of the column that is read as a price of one item without tax.  Output: a doubt
where the header says otherwise ("Montant TTC"), an assumption where it says nothing of the tax.

Converts nothing: the rate is not said, and the number of items is another column.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.converted import Converted
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Headings
from reen.tables.sheet import Sheet

__all__ = ["tell_price", "tell_price_of_line"]

_WITH = pattern(r"\b(ttc|t t c|taxes? comprises?|tva (comprise|incluse)|incl\w* (vat|tax\w*))\b")
_WITHOUT = pattern(r"\b(ht|h t|hors (taxes?|tva)|excl\w* (vat|tax\w*)|net)\b")
_OF_THE_LINE = pattern(r"\b(montant|total|amount|somme|sum)\b")
_OF_ONE = pattern(r"\b(unitaire|unit|unite|pu|each)\b")


def tell_price(
    sheet: Sheet, headings: Headings, column: str, result: Converted, findings: Findings
) -> None:
    """Tell what a header says against its being a price of one item without tax.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    column
        Canonical column of the price.
    result, findings
        Where assumptions and doubts are told.
    """
    for heading in headings.columns.get(column, ())[:1]:
        text = key_of(heading.text)
        if heading.text.partition(" [")[0] == column:
            continue  # written by this library
        code = ""
        if _WITH.search(text):
            code = "price_header_with_tax"
        elif _is_of_line(text):
            code = "price_header_of_line"
        elif not _WITHOUT.search(text):
            result.assumptions.append(Reason("read_price_without_tax", header=heading.text))
        if code:
            findings.rows(
                column,
                heading.text,
                Reason(code),
                sheet.lines[sheet.filled(heading.position)],
                expected=Reason("expect_unit_price"),
                severity=Severity.DOUBT,
            )


def tell_price_of_line(
    sheet: Sheet, headings: Headings, column: str, result: Converted, findings: Findings
) -> None:
    """Tell the rows of several items whose price is that of them all, by its header.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    column
        Canonical column of the price.
    result
        The quantities.
    findings
        Where the doubt is told.
    """
    quantity = result.columns.get("quantity")
    for heading in headings.columns.get(column, ())[:1]:
        if quantity is None or not _is_of_line(key_of(heading.text)):
            continue
        several = pc.greater(quantity, 1.0).fill_null(pa.scalar(value=False))
        findings.rows(
            column,
            heading.text,
            Reason("price_header_of_line"),
            sheet.lines[several.to_numpy(zero_copy_only=False) & sheet.filled(heading.position)],
            expected=Reason("expect_unit_price"),
            severity=Severity.DOUBT,
        )


def _is_of_line(key: str) -> bool:
    return _OF_THE_LINE.search(key) is not None and _OF_ONE.search(key) is None
