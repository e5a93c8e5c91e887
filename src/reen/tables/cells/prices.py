"""Prices: with or without value-added tax, of one item or of several, by headers and cells.

Input: the header of the column that is read as a price of one item without tax; the words after a
number, "€ TTC"; the columns of a list of services.  Output: a doubt where the header says otherwise
("Montant TTC"), an assumption where it says nothing of the tax; the unit and the tax of a cell
apart; each amount of a service in the column that its own cell names.

Converts nothing: the rate is the method's, and the number of items is another column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.converted import Converted
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Headings
from reen.tables.sheet import Sheet

__all__ = [
    "UNSAID",
    "WITH",
    "WITHOUT",
    "place_by_tax",
    "tax_in",
    "tell_price",
    "tell_price_of_line",
]

_HEADER_WITH = pattern(
    r"\b(ttc|t t c|taxes? comprises?|tva (comprise|incluse)|incl\w* (vat|tax\w*))\b"
)
_HEADER_WITHOUT = pattern(r"\b(ht|h t|hors (taxes?|tva)|excl\w* (vat|tax\w*)|net)\b")
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
        if _HEADER_WITH.search(text):
            code = "price_header_with_tax"
        elif _is_of_line(text):
            code = "price_header_of_line"
        elif not _HEADER_WITHOUT.search(text):
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
            sheet.lines[numpy_of(several) & sheet.filled(heading.position)],
            expected=Reason("expect_unit_price"),
            severity=Severity.DOUBT,
        )


def _is_of_line(key: str) -> bool:
    return _OF_THE_LINE.search(key) is not None and _OF_ONE.search(key) is None


#: What a cell says of the tax.
UNSAID, WITHOUT, WITH = 0, 1, 2

_WITH = r"t\.?t\.?c\.?|toutes taxes comprises|tva (?:comprise|incluse)|incl\w*\.? (?:vat|tax\w*)"
_WITHOUT = r"h\.?t\.?(?:v\.?a\.?)?|hors (?:taxes?|tva)|excl\w*\.? (?:vat|tax\w*)"
_SAID = pattern(rf"(?:^|(?<=[\s€]))(?:(?P<with>{_WITH})|{_WITHOUT})$", re.IGNORECASE)

#: Column of a list of services for what a cell says.
_COLUMN = {WITHOUT: "amount", WITH: "amount_with_tax"}
#: And what the header of each column says of all of its cells.
_OF_COLUMN: Mapping[str, int] = {
    "amount": WITHOUT,
    "amount_with_tax": WITH,
    "amount_as_written": UNSAID,
}


def tax_in(words: str) -> tuple[str, int]:
    """Return the words after a number without what they say of the tax, and what that is.

    Examples
    --------
    >>> [tax_in(words) for words in ("€ TTC", "EUR H.T.", "TTC", "kWh")]
    [('€', 2), ('EUR', 1), ('', 2), ('kWh', 0)]
    """
    text = words.strip()
    said = _SAID.search(text)
    if said is None:
        return words, UNSAID
    return text[: said.start()].strip(), WITH if said["with"] else WITHOUT


def place_by_tax(
    taxes: Mapping[str, npt.NDArray[np.int8]],
    lines: npt.NDArray[np.int64],
    result: Converted,
    findings: Findings,
) -> None:
    """Move each amount whose cell says its tax to the column of that tax, and tell it.

    Parameters
    ----------
    taxes
        What each cell says, by column.
    lines
        Lines of the rows in the file.
    result, findings
        The columns of a list of services, which are changed, and where it is told.
    """
    for column, said in taxes.items():
        for tax, target in _COLUMN.items():
            if column not in _OF_COLUMN or _OF_COLUMN[column] == tax:
                continue
            moved = said == tax
            if not moved.any():
                continue
            mask, from_ = pa.array(moved), result.columns[column]
            blank = pa.nulls(len(from_), from_.type)
            there = result.columns.get(target, blank)
            if pc.any(pc.and_(mask, pc.is_valid(there))).as_py():
                continue  # the row has that amount already: both stay as they are written
            result.columns[target] = pc.if_else(mask, from_, there)
            result.columns[column] = pc.if_else(mask, blank, from_)
            result.units.setdefault(target, result.units.get(column, "EUR"))
            findings.rows(
                target,
                "",
                Reason("amount_says_its_tax", column=column),
                lines[moved],
                severity=Severity.NOTE,
            )
