"""Printed figures: what a file of results shows to readers, against what its state gives.

Input: the readable part of a file, and the same part worked out from its state.  Output: nothing,
or a refusal.  A figure that somebody rewrote must not stand beside a state that says another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from reen.errors import FileFormatError
from reen.reasons import Reason

__all__ = ["check_printed"]

#: Relative difference that another order of adding floats may make.
_ROUNDING = 1e-9

#: Sentences are for readers, in the language and the words of their day.
_WORDS = "text"


def check_printed(printed: Mapping[str, object], found: Mapping[str, object], source: str) -> None:
    """Refuse a file whose readable figures are not those of its state.

    Parameters
    ----------
    printed
        What stands in the file, by part: ``totals``, ``coverage``.
    found
        The same, worked out from its state.
    source
        Name of the file.

    Raises
    ------
    FileFormatError
        A part differs; it is named.
    """
    for part, value in found.items():
        if not _same(printed.get(part), value):
            raise FileFormatError(source, Reason("error_printed_figures_changed", part=part))


def _same(printed: object, found: object) -> bool:
    if isinstance(found, Mapping):
        if not isinstance(printed, Mapping) or printed.keys() != found.keys():
            return False
        return all(_same(printed[key], found[key]) for key in found if key != _WORDS)
    if isinstance(found, (list, tuple)):
        if not isinstance(printed, Sequence) or isinstance(printed, str):
            return False
        return len(printed) == len(found) and all(map(_same, printed, found))
    if isinstance(found, float) and isinstance(printed, (int, float)):
        return math.isclose(printed, found, rel_tol=_ROUNDING)
    return printed == found
