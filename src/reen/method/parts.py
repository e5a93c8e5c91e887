"""Parts: what each row has of the sum over its group, such as its virtual processors of a host's.

Input: a batch that holds all rows of its groups.  Output: the part of each row, and whether it can
be worked out: one row of a group without a number spoils the part of all others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reen.inventory.batch import Batch
from reen.method.questions import Question
from reen.method.terms import Floats, Part

__all__ = ["HasPart", "parts_of"]


class HasPart(Question):
    """Whether the part of a row can be worked out."""

    def __init__(self, part: Part) -> None:
        self._part = part

    def codes(self, batch: Batch) -> npt.NDArray[np.uint8]:
        """Return 1 where it can."""
        there: npt.NDArray[np.uint8] = (~np.isnan(parts_of(batch, self._part))).view(np.uint8)
        return there

    def answer(self, code: int) -> bool:
        """Return whether it can."""
        return bool(code)


def parts_of(batch: Batch, part: Part) -> Floats:
    """Return the part of each row, NaN where a number of its group is not above 0, or unknown."""
    amounts = np.ones(len(batch))
    if "quantity" in batch.schema:
        amounts = batch.values("quantity", "item")
    if part.name:
        amounts = amounts * batch.values(part.name, part.unit)
    good = amounts > 0.0
    group, words = batch.codes(part.group)
    members = group >= 0
    of, size = group[members], len(words)
    sums = np.bincount(of, np.where(good, amounts, 0.0)[members], minlength=size)
    spoilt = np.bincount(of, ~good[members], minlength=size) > 0.0
    found = np.full(len(batch), np.nan)
    usable = members.copy()
    usable[members] = ~spoilt[of]
    found[usable] = amounts[usable] / sums[group[usable]]
    return found
