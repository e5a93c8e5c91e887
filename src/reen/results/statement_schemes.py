"""Schemes of statements: the categories of greenhouse-gas accounts that a digital footprint fills.

Two are known: the French regulatory account (BEGES), version 5 of July 2022, in force since 2023,
with six categories and 22 items; and the GHG Protocol (Corporate Standard and Scope 3 Standard).
They differ in one rule: the GHG Protocol counts capital goods whole in the year of purchase.
Titles are sentences of the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reen.reasons import Reason
from reen.results.statement_parts import Part

__all__ = ["SCHEMES", "Category", "Scheme"]


@attrs.frozen
class Category:
    """A category of a scheme.

    Attributes
    ----------
    code
        Its number.
    title
        Its name.
    parts
        What goes there.
    """

    code: str
    title: Reason
    parts: frozenset[Part]


@attrs.frozen(kw_only=True)
class Scheme:
    """A way to state an account.

    Attributes
    ----------
    key
        How it is called.
    categories
        Those that a digital footprint fills, in the scheme's order.
    outside
        What has no category.
    whole_purchases
        Whether capital goods count whole in the year of purchase.
    """

    key: str
    categories: tuple[Category, ...]
    outside: tuple[Category, ...] = ()
    whole_purchases: bool = False


def _category(scheme: str, code: str, *parts: Part) -> Category:
    return Category(code, Reason(f"{scheme}_{code.replace('.', '_')}"), frozenset(parts))


BEGES_V5 = Scheme(
    key="beges-v5",
    categories=(
        _category("beges", "2.1", Part.ELECTRICITY),
        _category("beges", "4.1", Part.ENERGY_UPSTREAM, Part.GOODS),
        _category("beges", "4.2", Part.OWNED),
        _category("beges", "4.3", Part.WASTE),
        _category("beges", "4.4", Part.LEASED),
        _category("beges", "4.5", Part.SERVICES),
        _category("beges", "6.1", Part.PERSONAL),
    ),
)

GHG_PROTOCOL = Scheme(
    key="ghg-protocol",
    categories=(
        _category("ghg", "2", Part.ELECTRICITY),
        _category("ghg", "3.1", Part.GOODS, Part.SERVICES),
        _category("ghg", "3.2", Part.OWNED),
        _category("ghg", "3.3", Part.ENERGY_UPSTREAM),
        _category("ghg", "3.5", Part.WASTE),
        _category("ghg", "3.8", Part.LEASED),
    ),
    outside=(_category("ghg", "outside", Part.PERSONAL),),
    whole_purchases=True,
)

#: Schemes by name.
SCHEMES: Mapping[str, Scheme] = {each.key: each for each in (BEGES_V5, GHG_PROTOCOL)}
