"""Organisations: whose strategy it is.

A value only: a name, its number in the national directory, how many people live there.
"""

from __future__ import annotations

import attrs

__all__ = ["Organisation"]


@attrs.frozen(kw_only=True)
class Organisation:
    """The authority that a strategy is of.

    Attributes
    ----------
    name
        Its name.
    siren
        Its number in the French directory of organisations, nine digits as text.
    population
        Inhabitants; None when nobody said.
    website
        Its page.
    """

    name: str = ""
    siren: str = ""
    population: int | None = None
    website: str = ""
