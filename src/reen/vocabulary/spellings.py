"""Spellings: names that differ by case, accents, hyphens or blanks alone are likely one.

Input: names, as of groups.  Output: those that are spelt in several ways, together.  Knows no
columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reen.vocabulary.text import normalise

__all__ = ["spelt_alike"]

#: A blank between two letters: beside a number it tells "site 1 1" from "site 11".
_BLANK = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


def spelt_alike(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the names of which each has another spelling, those of one name together.

    Parameters
    ----------
    names
        Any names, in any order.

    Returns
    -------
    tuple
        Tuples of two spellings or more, sorted.

    Examples
    --------
    >>> spelt_alike(["École Jules-Ferry", "Mairie", "Ecole Jules Ferry", "Site 1 1", "Site 11"])
    (('Ecole Jules Ferry', 'École Jules-Ferry'),)
    """
    found: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        key = _BLANK.sub("", normalise(name))
        if key:
            found.setdefault(key, []).append(name)
    return tuple(sorted(tuple(each) for each in found.values() if len(each) > 1))
