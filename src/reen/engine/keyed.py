"""Keyed answers: what the compiled loops look up for each row, by the key of its answers.

A key is the case of a row, or its outcome and its flow together.  Input: the answers of one flow
kind.  Output: the parts of the keys, and the class and the column of each key, learnt at first
sight: -1 until then.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.kernel import lendable
from reen.kernel.interface import Factor, Ints, Numbers, Parts

__all__ = ["Keyed", "KnownKeys"]

#: Keys of outcomes and flows up to which they are looked up in a table.
_TABLE = 1 << 18


@attrs.frozen(eq=False, repr=False)
class Keyed:
    """One flow kind of a batch, as the compiled loops take it.

    Attributes
    ----------
    kind
        Its name.
    parts, shift
        What makes the key of each row.
    klass, column
        Coverage class and column of each key, -1 where it was never seen.
    factors
        What the amounts are products of; None where they are not added with the rest.
    """

    kind: str
    parts: Parts
    shift: int
    klass: npt.NDArray[np.int32]
    column: Numbers
    factors: tuple[Factor, ...] | None

    def keys(self) -> Ints:
        """Return the key of each row."""
        keys = np.full(len(self.parts[0][0]), self.shift, np.int64)
        for codes, weight in self.parts:
            keys += codes.astype(np.int64) * weight
        return keys

    def unseen(self) -> tuple[Ints, npt.NDArray[np.intp]]:
        """Return the keys of some rows that were never seen, and the first row of each."""
        keys = self.keys()
        rows = np.flatnonzero(self.klass.take(keys) < 0)
        first = np.full(len(self.klass), -1, np.intp)
        first[keys[rows[::-1]]] = rows[::-1]
        found = np.flatnonzero(first >= 0)
        return found, first[found]

    def classes(self) -> npt.NDArray[np.int32]:
        """Return the class of each row."""
        return self.klass.take(self.keys())


class KnownKeys:
    """Keys of outcomes and flows, kind by kind, while the batches bring the same ones."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, object, Numbers, Numbers]] = {}

    def of(self, answers: Sequence[Exchanges]) -> list[Keyed] | None:
        """Return exchanges by key; None where some are not one a row, or have spreads or too many.

        Their shapes are checked already.
        """
        kinds = {each.kind.name for each in answers}
        if len(kinds) < len(answers) or not all(map(_is_plain, answers)):
            return None
        return [self._of(each) for each in answers]

    def _of(self, each: Exchanges) -> Keyed:
        width = len(each.flows) + 1
        known = self._known.get(each.kind.name)
        if known is None or known[0] is not each.flows or known[1] is not each.outcomes:
            size = width * len(each.outcomes)
            unseen = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
            known = self._known[each.kind.name] = (each.flows, each.outcomes, *unseen)
        return Keyed(
            each.kind.name,
            ((lendable(each.outcome), width), (lendable(each.flow), 1)),
            1,
            known[2],
            known[3],
            tuple(lendable(driver.values) for driver in each.drivers.values()),
        )


def _is_plain(each: Exchanges) -> bool:
    return (
        each.row is None
        and each.amount_spread is None
        and each.flow.dtype.isnative
        and each.outcome.dtype.isnative
        and (len(each.flows) + 1) * len(each.outcomes) <= _TABLE
    )
