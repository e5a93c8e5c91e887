"""Data centres: what a method needs to know of the places that host equipment.

Input: the rows of the table of data centres.  Output: one value for each, by id.  Knows no method.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reen.inventory.batch import Batch
from reen.values import Compared

__all__ = ["Datacenter", "datacenters_by_id"]


@attrs.frozen(eq=False, repr=False)
class Datacenter(Compared):
    """A data centre: the country of its electricity, and its efficiency.

    Attributes
    ----------
    id
        Short name.
    country
        ISO 3166-1 alpha-2, empty when unknown.
    pue
        Power usage effectiveness, NaN when unknown or below 1.
    invalid
        Those of ``country`` and ``pue`` that the table gives and that cannot be used.

    Examples
    --------
    >>> reen.Datacenter(id="town-hall", country="FR", pue=1.6)
    Datacenter(id='town-hall', country='FR', pue=1.6, invalid=frozenset())
    """

    id: str
    country: str
    pue: float
    invalid: frozenset[str] = frozenset()


def datacenters_by_id(batch: Batch) -> Mapping[str, Datacenter]:
    """Return the data centres by id; the first row of an id counts."""
    codes, ids = batch.codes("id")
    country_codes, countries = batch.codes("country")
    pue, odd = batch.values("pue", "1"), batch.invalid("pue")
    unread = ~batch.missing("country_raw") & batch.missing("country")
    found: dict[str, Datacenter] = {}
    for row in range(len(batch)):
        if codes[row] >= 0:
            country = countries[country_codes[row]] if country_codes[row] >= 0 else ""
            name = ids[codes[row]]
            invalid = {"country": bool(unread[row]), "pue": bool(odd[row])}
            columns = frozenset(column for column, is_odd in invalid.items() if is_odd)
            found.setdefault(name, Datacenter(name, country, float(pue[row]), columns))
    return found
