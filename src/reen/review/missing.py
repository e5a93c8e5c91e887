"""What lacks for a figure: which file of the year was not given, which column is blank.

Input: the reason of a figure that could not be worked out.  Output: a few words that say what to
bring.  Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.reasons import Reason, say

__all__ = ["missing_text"]

_INPUTS: Mapping[str, Reason] = {
    "connected_objects": Reason("review_the_connected_objects"),
    "contracts": Reason("review_the_contracts"),
    "disposals": Reason("review_the_disposals"),
    "energy_readings": Reason("review_the_energy_readings"),
    "events": Reason("review_the_events"),
    "footprint": Reason("review_a_footprint"),
    "headcount": Reason("review_the_headcount"),
    "inventory": Reason("review_the_inventory"),
    "inventory_before": Reason("review_the_inventory_of_the_year"),
    "last_seen": Reason("review_the_last_contacts_of_devices"),
    "maturity": Reason("review_the_maturity_grid"),
    "projects": Reason("review_the_projects"),
    "purchases": Reason("review_the_purchases"),
    "purchases_footprint": Reason("review_the_footprint_of_purchases_a"),
    "repairs": Reason("review_the_repairs"),
    "services": Reason("review_the_services"),
}


def missing_text(reason: Reason | None) -> str:
    """Return what lacks.

    Examples
    --------
    >>> missing_text(Reason("not_given", what="purchases, headcount"))
    'missing: the purchases, the headcount'
    """
    if reason is None:
        return ""
    if reason.code != "not_given":
        return reason.text()
    given = str(reason.detail("what")).split(", ")
    return say("review_missing") + ", ".join(str(_INPUTS.get(each, each)) for each in given)
