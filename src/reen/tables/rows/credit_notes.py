"""Credit notes: what is given back is taken off the line of the purchase that it names.

Input: rows of purchases, those that are credit notes, and those that buy.  Output: the same rows,
where the quantity of a purchase is what is left of it; which credit notes named one, and which
purchases nothing is left of.  A credit note names a purchase by its order or serial number, in a
column or in its words, and by what was bought.

One that names none, gives back more than was bought, or says no number, changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Headings
from reen.tables.identity.identifiers import is_shapeless, is_short
from reen.tables.sheet import Sheet

__all__ = ["Settled", "settle_credits"]

_WHOLE = re.compile(r"^\W*(\d{1,3}(?:[ \u00a0\u202f]?\d{3})*|\d+)(?:[.,]0+)?\W*$")
#: Words of a credit note beside those of what was bought.
_ABOUT = re.compile(
    r"(?i)\b(avoirs?|credit notes?|retours?|returns?|sur|de la|du|commande|order)\b"
)
_TOKEN = re.compile(r"[\w./-]+")

#: Columns by which a purchase is named, and by which what was bought is.
_NAMES, _BOUGHT = ("serial_number", "order_number"), ("model", "equipment_type")

_MASK = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Settled:
    """What credit notes did.

    Attributes
    ----------
    credits
        Credit notes that were taken off a purchase.
    returned
        Purchases of which all was given back.
    """

    credits: _MASK
    returned: _MASK


def settle_credits(sheet: Sheet, headings: Headings, credit: _MASK, bought: _MASK) -> Settled:
    """Take what credit notes give back off the purchases that they name.

    Parameters
    ----------
    sheet, headings
        The rows, whose quantities are changed in place, and what their columns are.
    credit, bought
        Which rows are credit notes, and which buy equipment.
    """
    settled = Settled(np.zeros(len(sheet), np.bool_), np.zeros(len(sheet), np.bool_))
    group = headings.columns.get("quantity", ())
    if len(group) != 1 or not credit.any():
        return settled
    cells = sheet.words(group[0].position).to_pylist()
    left = {
        row: number for row in np.flatnonzero(bought).tolist() if (number := _number(cells[row]))
    }
    lines = _Lines(sheet, headings, left)
    for row in np.flatnonzero(credit).tolist():
        number = _number(cells[row])
        rows = lines.named_by(row)
        if not number or sum(left[each] for each in rows) < number:
            continue
        settled.credits[row] = True
        kept = 0
        for each in rows:
            taken = min(left[each], number)
            left[each], number = left[each] - taken, number - taken
            settled.returned[each] |= left[each] == 0
            if left[each]:
                kept += taken
                cells[each] = str(left[each])
        # what a purchase that is set aside stood for is told there
        cells[row] = str(kept)
    if settled.credits.any():
        sheet.rewrite(group[0].position, pa.array(cells, pa.string()).dictionary_encode())
    return settled


def _number(cell: str | None) -> int:
    """Return the number of items of a cell, whatever its sign; 0 when it says none."""
    found = _WHOLE.fullmatch(cell or "")
    return int(re.sub(r"\D", "", found[1])) if found else 0


class _Lines:
    """The purchases that may be named, by what they are named by."""

    def __init__(self, sheet: Sheet, headings: Headings, left: Mapping[int, int]) -> None:
        self._left = left
        self._columns = {
            name: [
                sheet.words(heading.position).to_pylist()
                for heading in headings.columns.get(name, ())
            ]
            for name in (*_NAMES, *_BOUGHT)
        }
        self._remarks = [
            sheet.words(heading.position).to_pylist() for heading in headings.kept.values()
        ]
        self._by_name: dict[str, list[int]] = {}
        for row in left:
            for name in self._own(row):
                self._by_name.setdefault(name, []).append(row)

    def named_by(self, row: int) -> list[int]:
        """Return the purchases that a credit note names, of what it gives back."""
        texts = [*self._cells(row, *_BOUGHT), *(c[row] for c in self._remarks if c[row])]
        tokens = {token.upper() for text in texts for token in _TOKEN.findall(text)}
        named = self._own(row) | {token for token in tokens if not is_short(token)}
        rows = sorted({each for name in named for each in self._by_name.get(name, ())})
        own = self._words(row) - {word for name in named for word in key_of(name).split()}
        alike: dict[frozenset[str], list[int]] = {}
        for each in rows:
            words = frozenset(self._words(each))
            if self._left[each] and (not own or own <= words or words <= own):
                alike.setdefault(words, []).append(each)
        # of several things, the one of just these words; else nothing tells which
        exact = alike.get(frozenset(own))
        return exact or (next(iter(alike.values())) if len(alike) == 1 else [])

    def _own(self, row: int) -> set[str]:
        """Return the order and serial numbers of a row."""
        words = {word.strip().upper() for word in self._cells(row, *_NAMES)}
        return {word for word in words if not is_shapeless(word)}

    def _cells(self, row: int, *names: str) -> list[str]:
        return [cells[row] for name in names for cells in self._columns[name] if cells[row]]

    def _words(self, row: int) -> set[str]:
        """Return the words of what a row buys or gives back."""
        return set(key_of(_ABOUT.sub(" ", " ".join(self._cells(row, *_BOUGHT)))).split())
