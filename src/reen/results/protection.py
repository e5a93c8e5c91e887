"""Protection: a footprint that several callers are given, whose arrays none of them may write into.

Input and output: a footprint, the same one.  Its figures are Arrow data and numpy arrays; the
latter are marked as not writeable.  Knows results only.
"""

from __future__ import annotations

import attrs
import numpy as np

from reen.results.footprint import Footprint

__all__ = ["protected"]


def protected(footprint: Footprint) -> Footprint:
    """Return a footprint after its arrays have been made read-only."""
    fold = footprint.fold
    factors = [each for each in (fold.made, footprint.factors) if each is not None]
    sums = [each for each in (fold.cells, fold.noise) if each is not None]
    values = [
        *(value for each in factors for value in attrs.astuple(each, recurse=False)),
        *(value for each in sums for value in attrs.astuple(each, recurse=False)),
        *attrs.astuple(fold.by_group, recurse=False),
        *attrs.astuple(fold.by_type, recurse=False),
        *fold.drivers.values(),
    ]
    for value in values:
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return footprint
