"""Taxes: amounts of money whose cell says whether value-added tax is in them.

Input: the words after a number, "€ TTC"; later the columns of a list of services.  Output: the unit
and the tax apart; each amount in the column that its own cell names.  Nothing is converted: the
rate is the method's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.converted import Converted
from reen.tables.findings import Findings

__all__ = ["UNSAID", "WITH", "WITHOUT", "place_by_tax", "tax_in"]

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
