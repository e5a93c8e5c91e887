"""Protection: a footprint that several callers are given, which none of them may write into.

Input: a footprint.  Output: the same one.  Its figures are Arrow data and numpy arrays, of which
the latter are marked as not writeable; its mappings refuse to be changed.  Knows results only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, TypeVar

import attrs
import numpy as np

from reen.results.footprint import Footprint

__all__ = ["protected", "read_only"]

K = TypeVar("K")
V = TypeVar("V")


class _ReadOnly(dict[K, V]):
    """A dict that nobody changes; a copy of it, or what it is pickled to, is an ordinary one."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this result is shared by several callers: change a copy, dict(...)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[dict[K, V]], tuple[dict[K, V]]]:
        return dict, (dict(self),)


def read_only(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """Return a mapping that cannot be changed."""
    return mapping if isinstance(mapping, _ReadOnly) else _ReadOnly(mapping)


def protected(footprint: Footprint) -> Footprint:
    """Return a footprint whose arrays and mappings are read-only."""
    fold, provenance = footprint.fold, footprint.provenance
    if not isinstance(fold.examples, _ReadOnly) or not isinstance(provenance.options, _ReadOnly):
        examples, drivers = read_only(fold.examples), read_only(fold.drivers)
        fold = attrs.evolve(fold, examples=examples, drivers=drivers)
        provenance = attrs.evolve(provenance, options=read_only(provenance.options))
        apart = read_only(footprint.apart)
        footprint = attrs.evolve(footprint, fold=fold, provenance=provenance, apart=apart)
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
