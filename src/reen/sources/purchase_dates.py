"""Purchase dates: a fleet that knows what its purchases say.

Input: an inventory and purchases.  Output: the same rows, blank purchase dates and prices filled
where a serial number or an order tells them; issues say how many, and what contradicts itself.  No
row is added.
"""

from __future__ import annotations

import attrs

from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue, Severity
from reen.inventory.record_kinds import Purchases
from reen.reasons import Reason
from reen.tables.identity.purchase_joining import join_purchases

__all__ = ["with_purchases"]


def with_purchases(fleet: Inventory, purchases: Purchases) -> Inventory:
    r"""Fill blank purchase dates and prices of a fleet from its purchases.

    Parameters
    ----------
    fleet
        An inventory.
    purchases
        Purchases that share serial numbers or order numbers with it.

    Returns
    -------
    Inventory
        The same items: no value of the fleet is replaced, and nothing is added.  Its issues count
        the cells filled, and name the purchases that contradict the fleet.

    Examples
    --------
    >>> parc = b"Type;N\xc2\xb0 de s\xc3\xa9rie\nPC portable;5CG1234XYZ\n"
    >>> achats = b"Date de facture;N\xc2\xb0 de s\xc3\xa9rie\n2022-03-15;5CG1234XYZ\n"
    >>> fleet = reen.with_purchases(
    ...     reen.read(parc, name="parc.csv"),
    ...     reen.read_records(achats, kind="purchases", name="achats.csv"),
    ... )
    >>> fleet.table["purchase_date"].to_pylist()
    [datetime.date(2022, 3, 15)]
    """
    joined = join_purchases(fleet.table, purchases.table)
    sources = purchases.table["source"].unique().to_pylist() if len(purchases) else []
    filled = tuple(
        Issue(
            column,
            str(count),
            Reason("filled_from_purchases", count=count),
            severity=Severity.NOTE,
            source=", ".join(source for source in sources if source),
            count=count,
        )
        for column, count in joined.filled.items()
        if count
    )
    return attrs.evolve(fleet, table=joined.table, issues=(*fleet.issues, *filled, *joined.issues))
