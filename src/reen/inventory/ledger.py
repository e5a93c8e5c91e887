"""Ledger: the account of rows while they are read, batch by batch.

Input: batches, and accounts of what was read elsewhere.  Output: one `Account`.  Items are the
quantities that a method is given, so that what is counted here is what coverage adds up.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reen.inventory.account import Account, AccountLine, Fate
from reen.inventory.batch import Batch

__all__ = ["Ledger"]


class Ledger:
    """What became of the rows read so far."""

    def __init__(self) -> None:
        self._accounts: list[Account] = []
        self._counted: dict[str, AccountLine] = {}

    def count(self, batch: Batch, *, source: str = "", by_row: bool = False) -> None:
        """Add rows that are counted.

        Parameters
        ----------
        batch
            The rows.
        source
            Table that they come from.
        by_row
            Whether each row says it, `source` being for those that do not.
        """
        quantity = batch.values("quantity", "item")
        if not by_row or not batch.has("source"):
            self._add(source, quantity)
            return
        codes, names = batch.codes("source")
        if len(names) == 1 and len(codes) and not codes.any():  # most lists stand alone
            self._add(names[0], quantity)
            return
        place = codes.astype(np.int64) + 1  # rows that say no source come first
        known = ~np.isnan(quantity)
        size = len(names) + 1
        rows = np.bincount(place, minlength=size)
        unknown = np.bincount(place[~known], minlength=size)
        if unknown.any():
            place, quantity = place[known], quantity[known]
        items = np.bincount(place, weights=quantity, minlength=size)
        for k in np.flatnonzero(rows).tolist():
            name = names[k - 1] if k else source
            self._put(name, int(rows[k]), float(items[k]), int(unknown[k]))

    def _add(self, source: str, quantity: npt.NDArray[np.float64]) -> None:
        items = float(quantity.sum())
        unknown = 0
        if items != items:  # noqa: PLR0124 - NaN, which a sum passes on
            known = ~np.isnan(quantity)
            items = float(quantity[known].sum())
            unknown = int(len(quantity) - np.count_nonzero(known))
        self._put(source, len(quantity), items, unknown)

    def _put(self, source: str, rows: int, items: float, unknown: int) -> None:
        line = AccountLine(
            source=source, fate=Fate.COUNTED, rows=rows, items=items, unknown=unknown
        )
        if source in self._counted:
            line = self._counted[source] + line
        self._counted[source] = line

    def __bool__(self) -> bool:
        """Return true: a ledger is one before anything is written in it."""
        return True

    def add(self, account: Account) -> None:
        """Add what another ledger, or an importer, found."""
        if account:
            self._accounts.append(account)

    def account(self) -> Account:
        """Return the account of all rows so far."""
        return Account.sum([Account.of(self._counted.values()), *self._accounts])
