"""Buying: the footprint of what was bought in a year, each item whole in the year of purchase.

Input: purchases and a method that can count durable goods whole.  Output: a footprint by type,
which indicators divide by spending.  The making of what is bought, never its use.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from reen.errors import OptionError
from reen.inventory.inventory import Inventory
from reen.inventory.record_kinds import Purchases
from reen.measurement.arguments import PackLike, method_of
from reen.monitoring.values import Period
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.results.footprint import Footprint
from reen.verbs.measuring import measure
from reen.verbs.stating import counting_purchases

__all__ = ["measure_purchases"]

#: Columns of purchases that say what an item is, and where it stands.
_SHARED = (
    "equipment_type",
    "quantity",
    "manufacturer",
    "model",
    "reconditioned",
    "entity",
    "source",
    "source_row",
)


def measure_purchases(
    purchases: Purchases,
    *,
    year: int,
    method: str | Method,
    factors: PackLike | Sequence[PackLike] | None = None,
    registry: Registry | None = None,
) -> Footprint:
    """Measure what it took to make what was bought in a year, each item whole.

    Parameters
    ----------
    purchases
        Order or invoice lines of any dates; those of no date are in no year.
    year
        The year.
    method, factors, registry
        As in `measure`; the method must be able to count durable goods in their year of purchase
        (its option ``amortisation``), as ``base-carbone`` is.

    Raises
    ------
    OptionError
        A method that cannot.
    ReenError
        What `measure` raises.

    Examples
    --------
    Ten laptops at 156 kg by Base Carbone:

    >>> import datetime as dt, pyarrow as pa, reen
    >>> lines = {"date": [dt.date(2025, 3, 1)], "equipment_type": ["laptop"], "quantity": [10.0]}
    >>> bought = reen.types.Purchases.from_arrow(pa.table(lines))
    >>> found = reen.measure_purchases(bought, year=2025, method="base-carbone")
    >>> float(found.total())
    1560.0
    """
    known = registry or default_registry()
    configured = method_of(method, known)
    whole = counting_purchases(configured)
    if whole is None:
        expected = Reason("error_method_with_amortisation")
        raise OptionError("measure_purchases", "method", configured.name, expected)
    period = Period.year(year)
    settled = purchases.settled_in(period.start, period.end)
    table = settled.between(period.start, period.end).table
    columns = {name: table[name] for name in _SHARED if name in table.column_names}
    bought = Inventory.from_arrow(pa.table({**columns, "purchase_date": table["date"]}))
    return measure(
        bought,
        method=whole,
        by="equipment_type",
        factors=factors,
        as_of=period.end,
        registry=known,
    )
