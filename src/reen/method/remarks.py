"""Remarks of methods of cases: said of words, and not of cases.

A remark may name a model, so there are as many as there are models; cases are few.  It is made once
for each distinct words of a batch, for `explain` and `trace` alone; no figure depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from reen.inventory.batch import Batch
from reen.method.questions import combinations
from reen.plugins.method import Remark, Remarks

__all__ = ["remarks_on_words"]


def remarks_on_words(
    batch: Batch,
    names: Sequence[str],
    remark: Callable[[Mapping[str, str | None]], Remark | None],
) -> Remarks:
    """Return what is said of the words of each row.

    Parameters
    ----------
    batch
        Rows.
    names
        Columns of text; one that the inventory lacks is blank.
    remark
        Says something of words by column, or None.
    """
    found, place = combinations(batch, names)
    said = [remark(dict(zip(names, words, strict=True))) for words in found]
    number = np.cumsum([each is not None for each in said], dtype=np.int64) - 1
    number[[each is None for each in said]] = -1
    return Remarks(tuple(each for each in said if each is not None), number[place])
