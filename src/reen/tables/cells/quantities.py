"""Quantities: which column says how many items a row stands for, by what it holds.

Input: the rows, and headings among which some may name a quantity.  Output: headings with one
quantity column or none.  A column that a header of unknown words names is a quantity when it holds
whole numbers.  Of several, the one that is the sum of the
others is taken; else the first, and that is told as a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.cells.amounts import read_amounts
from reen.tables.cells.number_marks import NumberColumn, marks_of_columns
from reen.tables.findings import Findings
from reen.tables.headers.headings import BY_SENSE, Heading, Headings
from reen.tables.sheet import Sheet

__all__ = ["may_be_quantity", "settle_quantity"]

#: Quantities above it are money or codes.
_LARGEST = 1_000_000.0
#: Whole numbers between them are years.
_YEARS = (1980.0, 2045.0)
#: Distinct values from which a column without any repetition numbers its rows.
_MANY = 8

_FLOATS = npt.NDArray[np.float64]


def settle_quantity(
    sheet: Sheet, headings: Headings, findings: Findings, *, language: str
) -> Headings:
    """Return the headings with one quantity column, or none.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    findings
        Where several columns that may be the quantity are told.
    language
        ``fr`` or ``en``, for numbers that nothing else settles.
    """
    claims = [*headings.columns.get("quantity", ()), *headings.rivals]
    if not any(claim.preference == BY_SENSE for claim in claims):
        return headings
    usual = "," if language == "fr" else "."
    columns = [NumberColumn("quantity", claim.position) for claim in claims]
    marks = marks_of_columns(sheet, columns, usual=usual)
    unheard = Findings("")  # the chosen one is read again, and told then
    found = {}
    for claim, column in zip(claims, columns, strict=True):
        numbers = read_amounts(sheet, column, unheard, marks=marks[claim.position]).numbers
        values: _FLOATS = numbers.to_numpy(zero_copy_only=False)
        if claim.preference != BY_SENSE or may_be_quantity(
            values, sheet.filled(claim.position), named=True
        ):
            found[claim] = values
    chosen = _choose(sheet, found, findings)
    return headings.with_quantity(chosen, claims)


def may_be_quantity(values: _FLOATS, filled: npt.NDArray[np.bool_], *, named: bool) -> bool:
    """Tell whether numbers may be those of items: whole, and neither identifiers nor years.

    Where the header names a number of things, 2000 is no year and 1, 2, 3 number no rows.
    """
    numbers = values[np.isfinite(values)]
    if not len(numbers) or 2 * len(numbers) < np.count_nonzero(filled):
        return False
    if (numbers < 0).any() or (numbers % 1 != 0).any() or (numbers > _LARGEST).any():
        return False
    if named:
        return True
    if ((numbers >= _YEARS[0]) & (numbers <= _YEARS[1])).all():
        return False
    distinct = np.unique(numbers)
    steps = np.diff(distinct)
    numbered = len(distinct) == len(numbers) >= _MANY and bool((steps == 1).all())
    return not numbered and not (numbers == 0).all()


def _choose(sheet: Sheet, found: dict[Heading, _FLOATS], findings: Findings) -> Heading | None:
    claims = list(found)
    if len(claims) < 2:  # noqa: PLR2004 - nothing to choose
        return claims[0] if claims else None
    first = claims[0]
    values = {claim: np.nan_to_num(found[claim], nan=0.0) for claim in claims}
    different = [first]
    for claim in claims[1:]:
        if not any(np.array_equal(values[claim], values[other]) for other in different):
            different.append(claim)
    if len(different) == 1:
        return first
    for claim in different:
        others = sum((values[o] for o in different if o is not claim), np.zeros(len(sheet)))
        if len(different) > 2 and np.array_equal(values[claim], others):  # noqa: PLR2004 - a sum
            return claim
    _tell(sheet, different, found, findings)
    return first


def _tell(
    sheet: Sheet, claims: Sequence[Heading], found: dict[Heading, _FLOATS], findings: Findings
) -> None:
    first = claims[0]
    others = " / ".join(f"{claim.text} ({np.nansum(found[claim]):g})" for claim in claims[1:])
    findings.rows(
        "quantity",
        f"{first.text} ({np.nansum(found[first]):g})",
        Reason("several_quantities", others=others),
        sheet.lines[np.isfinite(found[first])],
        expected=Reason("name_the_quantity", header=first.text),
        severity=Severity.DOUBT,
    )
