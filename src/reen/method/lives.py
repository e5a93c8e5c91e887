"""Lives: over how many years the making of an item is spread.

One place for all methods, so that one fact has one wording.
"""

from __future__ import annotations

from reen.method.amounts import Amount
from reen.method.case import Case
from reen.method.packs import Packs

__all__ = ["lifetime_of"]


def lifetime_of(case: Case, packs: Packs) -> Amount:
    """Return the lifetime of a case in years: the row's own, else its type's default, flagged.

    Raises
    ------
    LeftOut
        An invalid lifetime, or no default of the type either.
    """
    return case.number("lifetime", else_=lambda: case.of(packs.lifetime, "equipment_type"))
